"""Synthetic submissions, made by a seeded generator to try the pipeline on. None of it is data.

Everything carries the word 合成 in its names, the sender `synthetic`, zones from 990001 on and
credit codes over the area 999999. `sets.synthesize` writes a folder like `raw/` with the answer key
of the errors planted in it; `answer_key.score` compares that key with what a run has found.
"""
