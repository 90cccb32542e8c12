"""Which elements and actions a card may hold, and what each may and must say."""

from typing import Final

Kinds = dict[str, tuple[str, str]]

SIZES: Final = ("default", "small", "medium", "large", "extralarge")
ENUMS: Final[dict[str, tuple[str, ...]]] = {
    "color": ("default", "dark", "light", "accent", "good", "warning", "attention"),
    "weight": ("default", "lighter", "bolder"),
    "fontType": ("default", "monospace"),
    "spacing": ("none", "small", "default", "medium", "large", "extralarge", "padding"),
    "horizontalAlignment": ("left", "center", "right"),
    "horizontalCellContentAlignment": ("left", "center", "right"),
    "verticalContentAlignment": ("top", "center", "bottom"),
    "verticalCellContentAlignment": ("top", "center", "bottom"),
    "mode": ("primary", "secondary"),
    "associatedInputs": ("auto", "none"),
    "imageSize": ("auto", "stretch", "small", "medium", "large"),
}
_BOXES: Final = ("default", "emphasis", "good", "attention", "warning", "accent")
STYLES: Final[dict[str, tuple[str, ...]]] = {
    "TextBlock": ("default", "heading", "columnheader"),
    "Image": ("default", "person"),
    "Container": _BOXES,
    "ColumnSet": _BOXES,
    "Column": _BOXES,
    "TableRow": _BOXES,
    "TableCell": _BOXES,
    "Input.Text": ("text", "tel", "url", "email", "password"),
    "Input.ChoiceSet": ("compact", "expanded", "filtered"),
    "Action.Execute": ("default", "positive", "destructive"),
    "Action.Submit": ("default", "positive", "destructive"),
    "Action.OpenUrl": ("default", "positive", "destructive"),
    "Action.ShowCard": ("default", "positive", "destructive"),
    "Action.ToggleVisibility": ("default", "positive", "destructive"),
}
TYPED: Final[dict[str, type]] = {
    "text": str,
    "url": str,
    "title": str,
    "label": str,
    "errorMessage": str,
    "placeholder": str,
    "verb": str,
    "altText": str,
    "tooltip": str,
    "dataset": str,
    "regex": str,
    "data": dict,
    "wrap": bool,
    "isRequired": bool,
    "isMultiline": bool,
    "isMultiSelect": bool,
    "isSubtle": bool,
    "isEnabled": bool,
    "isVisible": bool,
    "separator": bool,
    "firstRowAsHeaders": bool,
    "showGridLines": bool,
    "italic": bool,
    "strikethrough": bool,
    "underline": bool,
    "highlight": bool,
    "maxLength": int,
    "maxLines": int,
    "items": list,
    "columns": list,
    "rows": list,
    "cells": list,
    "facts": list,
    "inlines": list,
    "actions": list,
    "images": list,
    "choices": list,
    "targetElements": list,
}

_ANY: Final = "id isVisible separator spacing height fallback requires"
_INPUT: Final = f"{_ANY} label isRequired errorMessage labelPosition labelWidth value placeholder"
_ACTION: Final = "id iconUrl style tooltip isEnabled mode fallback requires role"
_BOX: Final = f"{_ANY} style selectAction bleed minHeight backgroundImage rtl"
_FONT: Final = "color fontType isSubtle size weight"

ELEMENTS: Final[Kinds] = {
    "TextBlock": ("text", f"{_ANY} {_FONT} horizontalAlignment maxLines style wrap"),
    "RichTextBlock": ("inlines", f"{_ANY} horizontalAlignment"),
    "Image": (
        "url",
        f"{_ANY} altText backgroundColor horizontalAlignment selectAction size style width",
    ),
    "ImageSet": ("images", f"{_ANY} imageSize"),
    "Container": ("items", f"{_BOX} verticalContentAlignment"),
    "ColumnSet": ("columns", f"{_BOX} horizontalAlignment"),
    "FactSet": ("facts", _ANY),
    "ActionSet": ("actions", f"{_ANY} horizontalAlignment"),
    "Table": (
        "columns rows",
        f"{_ANY} firstRowAsHeaders showGridLines gridStyle horizontalCellContentAlignment "
        "verticalCellContentAlignment",
    ),
    "Input.Text": ("id", f"{_INPUT} isMultiline maxLength regex style inlineAction"),
    "Input.Date": ("id", f"{_INPUT} min max"),
    "Input.Time": ("id", f"{_INPUT} min max"),
    "Input.Number": ("id", f"{_INPUT} min max"),
    "Input.Toggle": ("id title", f"{_INPUT} valueOn valueOff wrap"),
    "Input.ChoiceSet": ("id", f"{_INPUT} choices choices.data style isMultiSelect wrap"),
}
PARTS: Final[Kinds] = {
    "Column": ("items", f"{_BOX} width verticalContentAlignment"),
    "TableRow": ("cells", "style horizontalCellContentAlignment verticalCellContentAlignment"),
    "TableCell": ("items", f"{_BOX} verticalContentAlignment"),
    "TextRun": ("text", f"{_FONT} italic strikethrough underline highlight selectAction"),
    "Data.Query": ("dataset", "associatedInputs count skip"),
}
ACTIONS: Final[Kinds] = {
    "Action.Execute": ("title verb", f"{_ACTION} data associatedInputs"),
    "Action.Submit": ("title", f"{_ACTION} data associatedInputs msteams"),
    "Action.OpenUrl": ("url", f"{_ACTION} title"),
    "Action.ShowCard": ("title card", _ACTION),
    "Action.ToggleVisibility": ("title targetElements", _ACTION),
}
CARD: Final = (
    "version",
    "$schema body actions selectAction fallbackText speak lang minHeight rtl refresh msteams "
    "metadata verticalContentAlignment backgroundImage",
)
