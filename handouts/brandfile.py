"""What a clinic's `_brand.yml` says, in the vocabulary of the public brand.yml format."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, StrictInt, Tag
from pydantic_core import PydanticCustomError

from handouts.model import OrText, Part, Plain, Style, shape

Weight = Annotated[
    Annotated[StrictInt, Tag("<number>")] | Annotated[Plain, Tag("<text>")], Discriminator(shape)
]


class Logo(Part):
    path: Plain
    alt: Plain | None = None


class LogoVariants(Part):
    light: Plain
    dark: Plain | None = None


class Logos(Part):
    images: dict[str, OrText[Logo]] = Field(default_factory=dict)
    small: OrText[LogoVariants] | None = None
    medium: OrText[LogoVariants] | None = None
    large: OrText[LogoVariants] | None = None


def _color(raw: Any) -> Any:
    if raw is None:
        raise PydanticCustomError(
            "color", "must be a colour, found nothing: put it in quotes, for `#` begins a comment"
        )
    return raw


Color = Annotated[Plain, BeforeValidator(_color)]


class Colors(Part):
    """The colours of the brand; one that is not given is empty."""

    palette: dict[str, Color] = Field(default_factory=dict)
    foreground: Color = ""
    background: Color = ""
    primary: Color
    secondary: Color = ""
    tertiary: Color = ""
    success: Color = ""
    info: Color = ""
    warning: Color = ""
    danger: Color = ""
    light: Color = ""
    dark: Color = ""


class FontFile(Part):
    path: Plain
    weight: Weight | None = None
    style: Literal["normal", "italic"] = "normal"


class Font(Part):
    family: Plain
    source: Literal["file", "google", "bunny", "system"] = "file"
    files: tuple[FontFile, ...] = ()
    weight: Any = None
    style: Any = None
    display: Plain | None = None


class Face(Part):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-")
    )

    family: Plain | None = None
    size: Plain | None = None
    weight: Weight | None = None
    style: Plain | None = None
    line_height: Any = None
    color: Color | None = None
    background_color: Color | None = None
    decoration: Plain | None = None


def _face(raw: Any) -> Any:
    return {"family": raw} if isinstance(raw, str) else raw


AnyFace = Annotated[Face, BeforeValidator(_face, json_schema_input_type=Plain | Face)]


class Typography(Part):
    model_config = Face.model_config

    fonts: tuple[Font, ...] = ()
    base: AnyFace | None = None
    headings: AnyFace | None = None
    monospace: AnyFace | None = None
    monospace_inline: AnyFace | None = None
    monospace_block: AnyFace | None = None
    link: AnyFace | None = None


class Meta(Part):
    name: OrText[dict[str, Plain]] | None = None
    link: OrText[dict[str, Plain]] | None = None


class Defaults(Part):
    """What each program keeps in a brand file for itself; ours is `handouts`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    handouts: Style = Style()


class Brand(Part):
    """A clinic's `_brand.yml`, in the vocabulary of the public brand.yml format."""

    meta: Meta | None = None
    logo: OrText[Logos]
    color: Colors
    typography: Typography = Typography()
    defaults: Defaults = Defaults()
