-- How many times a figure was revised after another of its year was last stated, without that one having been revised as often.
-- zh: 一个累计数在另一个累计数最近一次报送之后单独修订的次数
-- unit: a count
-- reads: nothing
-- Both sides are when the figure was last received and what was stated of it in turn (staging.revised_figure; NULL where it was
-- never altered). Revisions count from when both figures had come: one of each, in whatever order, is one revision of the year.
create or replace macro revisions_alone(received_at, statements, other_received_at, other_statements) as (
    case
        when statements is null or received_at <= other_received_at then 0
        else
            greatest(
                least(
                    len(list_filter(statements[2:], lambda s: s.received_at > other_received_at)),
                    len(
                        list_filter(
                            statements[2:], lambda s: coalesce(s.received_at >= other_statements[1].received_at, true)
                        )
                    )
                    - coalesce(
                        len(list_filter(other_statements[2:], lambda s: s.received_at >= statements[1].received_at)), 0
                    )
                ),
                0
            )
    end
);
