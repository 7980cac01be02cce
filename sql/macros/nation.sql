-- The code of the nation among the zones: CN. A constant, so that a question about one zone reads the nation's figures and no others.
-- zh: 区划代码中表示全国的代码
-- unit: text
-- reads: nothing
create or replace macro nation() as ('CN');
