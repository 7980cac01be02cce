"""What declarations are made of: words in two languages, and models that refuse unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Unknown keys are mistakes: a misspelt key must not pass for a missing one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in Chinese and in English."""

    zh: str
    en: str
