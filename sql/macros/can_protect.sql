-- Do the parts of a cell that is shown, all of them withheld together, protect the one that needs most?
-- zh: 一个公布的单元，其各组成部分即使全部隐匿，能否保护其中最需要保护的一个
-- unit: true or false
-- reads: nothing
-- free is what of them a reader does not know from the quarter before; room is what has to be free (metrics.disclosure).
create or replace macro can_protect(parts, free, room) as (parts > 1 and free >= room);
