-- Which revisions wait to be accepted?
-- zh: 哪些修订在等待同意？
select w.form, w.revision, w.edition, w.item, w.measure, w.value_published, w.value_given,
from metrics.waiting_revision as w
