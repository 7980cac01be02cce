-- What 0.1.0 did not note of a submission: no file in it had come in another's place.
-- zh: 0.1.0 没有记录的：其中没有一份报送是同一路径上的更换件
update ledger.submission set replacement = 0
where replacement is null;
