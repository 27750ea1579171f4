"""What all forms of bodies and answers have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Form", "Strict"]


class Form(BaseModel):
    """Described by the words that stand beside its fields."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Strict(Form):
    """A body: a field that there is not is refused, for its sender meant something by it."""

    model_config = ConfigDict(extra="forbid")
