-- What was due, and how late did it come?
-- zh: 应报哪些报表，迟报几天？
select q.form, q.title_zh, q.forms_accepted, q.days_late, q.days_late_reason, q.findings_hard, q.findings_soft, q.figures,
from metrics.quality_report as q
where q.zone = '150571' and q.period = '2022Q3'
order by q.form
limit 8
