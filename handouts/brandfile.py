"""What a clinic's `_brand.yml` says, in the vocabulary of the public brand.yml format.

Every form is read that the format allows; what has no effect on paper is left as it stands.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StrictInt, Tag
from pydantic_core import PydanticCustomError

from handouts.model import OrEmpty, OrText, Part, Plain, Style, shape
from handouts.unseen import tidied

Weight = Annotated[
    Annotated[StrictInt, Tag("<number>")] | Annotated[Plain, Tag("<text>")], Discriminator(shape)
]


class Logo(Part):
    path: Plain
    alt: Plain | None = None


class LogoVariants(Part):
    """A logo for light grounds and one for dark ones, of which one may do for both."""

    light: OrText[Logo] | None = None
    dark: OrText[Logo] | None = None


def _logo_shape(raw: Any) -> str:
    """The tag of a logo: one file with its words, or several files."""
    if isinstance(raw, Logo) or (isinstance(raw, dict) and {"path", "alt"} & raw.keys()):
        return "<resource>"
    return shape(raw)


SizedLogo = Annotated[
    Annotated[LogoVariants, Tag("<mapping>")]
    | Annotated[Logo, Tag("<resource>")]
    | Annotated[Plain, Tag("<text>")],
    Discriminator(_logo_shape),
]


class Logos(Part):
    images: OrEmpty[dict[str, OrText[Logo]]] = Field(default_factory=dict)
    small: SizedLogo | None = None
    medium: SizedLogo | None = None
    large: SizedLogo | None = None


AnyLogo = Annotated[
    Annotated[Logos, Tag("<mapping>")]
    | Annotated[Logo, Tag("<resource>")]
    | Annotated[Plain, Tag("<text>")],
    Discriminator(_logo_shape),
]


def _color(raw: Any) -> Any:
    if raw is None:
        raise PydanticCustomError(
            "color", "must be a colour, found nothing: put it in quotes, for `#` begins a comment"
        )
    return tidied(raw)


Shade = Annotated[Plain, BeforeValidator(_color)]


class ColorVariants(Part):
    """A colour on light grounds, which is printed, and one on dark screens."""

    light: Shade | None = None
    dark: Shade | None = None


def _color_shape(raw: Any) -> str:
    return "<mapping>" if isinstance(raw, (dict, BaseModel)) else "<text>"


Color = Annotated[
    Annotated[ColorVariants, Tag("<mapping>")] | Annotated[Shade, Tag("<text>")],
    Discriminator(_color_shape),
]


class Colors(Part):
    """The colours of the brand; one that is not given is empty."""

    palette: OrEmpty[dict[str, Color]] = Field(default_factory=dict)
    foreground: Color = ""
    background: Color = ""
    primary: Color = ""
    secondary: Color = ""
    tertiary: Color = ""
    success: Color = ""
    info: Color = ""
    warning: Color = ""
    danger: Color = ""
    light: Color = ""
    dark: Color = ""
    link: Color = ""


class FontFile(Part):
    model_config = ConfigDict(frozen=True, extra="allow")

    path: Plain
    weight: Any = None
    style: Any = None


class Font(Part):
    """A family and where it comes from; without a source, from its files if it has any."""

    family: Plain
    source: Literal["file", "google", "bunny", "system"] | None = None
    files: tuple[OrText[FontFile], ...] = ()
    weight: Any = None
    style: Any = None
    display: Any = None


class Face(Part):
    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-")
    )

    family: Plain | None = None
    size: Any = None
    weight: Weight | None = None
    style: Any = None
    line_height: Any = None
    color: Any = None
    background_color: Any = None
    decoration: Any = None


def _face(raw: Any) -> Any:
    return {"family": raw} if isinstance(raw, str) else raw


AnyFace = Annotated[Face, BeforeValidator(_face, json_schema_input_type=Plain | Face)]


class Typography(Part):
    model_config = Face.model_config

    fonts: tuple[Font, ...] | None = None
    base: AnyFace | None = None
    headings: AnyFace | None = None
    monospace: AnyFace | None = None
    monospace_inline: AnyFace | None = None
    monospace_block: AnyFace | None = None
    link: AnyFace | None = None


class Meta(Part):
    """Whose brand it is; other programs may keep more here."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: OrText[dict[str, Any]] | None = None
    link: OrText[dict[str, Any]] | None = None


class Defaults(Part):
    """What each program keeps in a brand file for itself; ours is `handouts`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    handouts: Style = Style()


class Brand(Part):
    """A clinic's `_brand.yml`, in the vocabulary of the public brand.yml format."""

    meta: Meta | None = None
    logo: AnyLogo
    color: OrEmpty[Colors] = Colors()
    typography: OrEmpty[Typography] = Typography()
    defaults: OrEmpty[Defaults] = Defaults()
