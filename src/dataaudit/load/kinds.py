"""The kind of every column: what its type and the number of its values say."""

from __future__ import annotations

from dataaudit.engine.dataset import ColumnSurvey
from dataaudit.load.typing import EMBEDDING, TypedColumn
from dataaudit.model import Kind

MEAN_LENGTH_OF_TEXT = 50
N_VALUES_OF_TEXT = 50
SHARE_DISTINCT_OF_TEXT = 0.5
KIND_OF_TYPE = {
    "BIGINT": Kind.NUMERIC,
    "DOUBLE": Kind.NUMERIC,
    "BOOLEAN": Kind.BOOLEAN,
    "TIMESTAMP": Kind.DATETIME,
    EMBEDDING: Kind.EMBEDDING,
}


def kind_of(column: TypedColumn, values: ColumnSurvey | None) -> Kind:
    """Return the column's kind; text is what has long or mostly different values."""
    if column.sql_type in KIND_OF_TYPE:
        return KIND_OF_TYPE[column.sql_type]
    if values is None:
        return Kind.CATEGORICAL
    mostly_different = (
        values.n_distinct > N_VALUES_OF_TEXT and values.n_distinct > SHARE_DISTINCT_OF_TEXT * values.n_present
    )
    is_long = (values.mean_length or 0.0) > MEAN_LENGTH_OF_TEXT
    return Kind.TEXT if is_long or mostly_different else Kind.CATEGORICAL
