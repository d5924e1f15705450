"""Logos of any shape are taken and drawn; hostile and damaged ones are refused, and told why."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from handouts import logo_process
from handouts.artwork import Artwork
from handouts.logo import ASKED_FOR, fault
from handouts.logo_process import Artworks
from handouts.model import Asset
from tests.prints import looks_like_its_file
from tests.small import png

XMLNS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
RECT = '<rect width="9" height="9" fill="red"/>'
FILLED = '<rect width="50" height="50" fill="url(#a)"/>'
STOPS = '<stop offset="0"/><stop offset="1" stop-color="red"/>'

ELSEWHERE = "draws on another file"
SHAPES = "has more than 20,000 elements"
DEEP = "more than 100 deep"
LETTERS = "has <text>, and fonts differ"
SCRIPT = "has a script"


def drawn(inside: str, attributes: str = 'viewBox="0 0 100 100"') -> str:
    return f"<svg {XMLNS} {attributes}>{inside}</svg>"


def embedded(picture: bytes, kind: str = "png") -> str:
    href = f"data:image/{kind};base64,{b64encode(picture).decode()}"
    return f'<image width="9" height="9" xlink:href="{href}"/>'


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    held = BytesIO()
    picture.save(held, kind, **options)  # type: ignore[arg-type]
    return held.getvalue()


def laughs(levels: int) -> str:
    groups = (f'<g id="a{i + 1}">' + f'<use href="#a{i}"/>' * 10 + "</g>" for i in range(levels))
    return f'<defs><g id="a0">{RECT}</g>{"".join(groups)}</defs><use href="#a{levels}"/>'


def chained(levels: int) -> str:
    groups = (f'<g id="a{i + 1}"><use href="#a{i}"/></g>' for i in range(levels))
    return "".join(reversed([f'<g id="a0">{RECT}</g>', *groups]))


def gradient(attributes: str, kind: str = "linear") -> str:
    return f'<{kind}Gradient id="a" {attributes}>{STOPS}</{kind}Gradient>{FILLED}'


def pattern(attributes: str) -> str:
    return f'<pattern id="a" {attributes}>{RECT}</pattern>{FILLED}'


HOSTILE = {
    "script": ("<script>alert(1)</script>", SCRIPT),
    "foreign script": ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', SCRIPT),
    "handler": ('<rect onload="x()"/>', SCRIPT),
    "link": (f'<a href="https://a.example/">{RECT}</a>', ELSEWHERE),
    "javascript": (f'<a href="javascript:x()">{RECT}</a>', ELSEWHERE),
    "image in a file": ('<image href="file:///etc/hostname"/>', ELSEWHERE),
    "image in itself": ('<image href="#a"/>', ELSEWHERE),
    "address by a number": ('<image href="&#104;ttp://a.example/b.png"/>', ELSEWHERE),
    "foreign image": ('<x:image xmlns:x="a:b" href="b.png"/>', ELSEWHERE),
    "base": ('<g xml:base="file:///etc/"><use href="#a"/></g>', ELSEWHERE),
    "import": ("<style>@import 'a.css';</style>", ELSEWHERE),
    "import in pieces": ("<style>@imp&#111;<!-- x -->rt 'a.css';</style>", ELSEWHERE),
    "import escaped": (r"<style>@\69mport 'a.css';</style>", ELSEWHERE),
    "import in CDATA": ("<style><![CDATA[@import 'a.css';]]></style>", ELSEWHERE),
    "import with an element": ("<style>@import 'a.css';<g/></style>", "damaged style sheet"),
    "url escaped": (r'<rect style="fill: u\72l(//a.example/b)"/>', ELSEWHERE),
    "url quoted": ("<style>rect{fill:url( 'b.svg#c' )}</style>", ELSEWHERE),
    "url in an attribute": ('<rect fill="url(b.svg#c)"/>', ELSEWHERE),
    "image set": ("<style>g{mask:image-set('b.png' 1x)}</style>", ELSEWHERE),
    "typeface": ("<style>@font-face{src:url(data:font/ttf;base64,AA)}</style>", ELSEWHERE),
    "href as a style": ('<use style="href: file:///etc/hostname"/>', ELSEWHERE),
    "href as a rule": ("<style>image{href: x.png}</style>", ELSEWHERE),
    "href escaped": (r'<use style="h\72 ef: x.png"/>', ELSEWHERE),
    "linked sheet": ('<?xml-stylesheet href="https://a.example/b.css"?>', ELSEWHERE),
    "letters": ("<text>x</text>", LETTERS),
    "letters of a link": ('<a href="#b">x</a>', LETTERS),
    "foreign letters": ('<x:text xmlns:x="a:b">x</x:text>', LETTERS),
    "drawing in it": ('<image href="data:image/svg+xml,&lt;svg/>"/>', "no .png or .jpg"),
    "drawing called png": (embedded(b"<svg/>"), "is not a png picture"),
    "damaged picture in it": (embedded(png(90, 9)[:-20]), "picture in it that is damaged"),
    "no base64 in it": ('<image href="data:image/png;base64,~~~"/>', "is damaged"),
    "huge picture in it": (embedded(png(20_000, 20_000)), "40 million at most"),
    "shapes": ("<g/>" * 20_000, SHAPES),
    "deep": ("<g>" * 101 + "</g>" * 101, DEEP),
    "deeper": ("<g>" * 99_999, DEEP),
    "no picture": ("<image/>", "without a picture"),
}  # fmt: skip


ODD = {
    "deep picture in it": embedded(saved(Image.new("I;16", (9, 9)))),
    "use of itself": '<g id="a"><use href="#a"/></g>',
    "use in a circle": '<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>',
    "use in a mask": f'<mask id="a"><rect mask="url(#a)"/></mask>{FILLED}',
    "clip of itself": '<clipPath id="a"><rect clip-path="url(#a)"/></clipPath>',
    "clip by a rule": (
        '<style>.k{clip-path:url("#a")}</style><clipPath id="a"><rect class="k"/></clipPath>'
    ),
    "marker of itself": '<marker id="a"><path marker-mid="url(#a)"/></marker>',
    "filter of itself": '<filter id="a"><feImage href="#a"/></filter>',
    "pattern of itself": f'<pattern id="a"><rect fill="url(#a)"/></pattern>{FILLED}',
    "pattern inherited": '<g fill="url(#a)"><pattern id="a"><rect/></pattern></g>',
    "gradients": '<linearGradient id="a" href="#b"/><linearGradient id="b" href="#a"/>',
    "laughs": laughs(3),
    "a billion laughs": laughs(9),
    "attributes handed down": (
        "<g " + " ".join(f'a{i}="1"' for i in range(3000)) + ">" + "<path/>" * 1000 + "</g>"
    ),
    "patterns for copies": (
        f'<pattern id="a">{RECT * 200}</pattern><g id="g">{"<path/>" * 200}</g>'
        '<use href="#g" fill="url(#a)"/>'
    ),
    "uses": "".join(f'<g id="i{i}"/><use href="#i{i}"/>' for i in range(2000)),
    "long outline": '<path d="M0 0l' + "1 1 " * 80_000 + '"/>',
    "markers": (
        f'<marker id="a">{RECT}</marker><path marker-mid="url(#a)" d="M0 0{"l1 1" * 9999}"/>'
    ),
    "deep by use": "".join(f'<g id="a{i + 1}"><use href="#a{i}"/></g>' for i in range(60)),
    "deep by use, the deepest last": chained(800),
    "tiny tile": pattern('width="1e-3" height="1" patternUnits="userSpaceOnUse"'),
    "tiny share": pattern('width="1e-3" height="1e-3"'),
    "shrunk tile": pattern('width="1" height="1" patternTransform="scale(.001)"'),
    "tiny bands": gradient('x2="1e-7" spreadMethod="repeat"'),
    "no bands": gradient('x2="0" spreadMethod="reflect"'),
    "tiny rings": gradient('r="1e-7" spreadMethod="repeat"', "radial"),
    "dashes": '<path d="M0 0h9" stroke="red" stroke-dasharray="1e-6"/>',
    "nan": '<rect width="nan" height="9"/>',
    "infinite": '<rect x="1e999" width="9" height="9"/>',
    "huge": '<path d="M0 0L1e12 9"/>',
    "huge by a rule": "<style>rect{x: 1e30}</style>",
    "arc": '<path d="M0 0A1 1"/>',
    "half a point": '<path d="M0 0L5"/>',
    "outline of words": '<path d="M0 0Lx y"/>',
    "transformed by nothing": '<g transform="scale()"/>',
    "transformed by a word": '<g transform="matrix(1 2 x)"/>',
    "opacity": '<g opacity="x"/>',
    "inner view box": '<svg viewBox="0 0 3"/>',
    "half a corner": '<polyline points="1 1 2"/>',
    "flat gradient": gradient('gradientTransform="scale(0)"'),
    "wide gamut": '<rect style="fill:red;fill:color(display-p3 1 0 0)"/>',
    "inks": '<rect fill="device-cmyk(0 1 1 0)"/>',
    "current colour": '<rect fill="currentcolor"/>',
    "a share of a mitre": '<rect stroke-miterlimit="50%"/>',
    "min-content": '<rect width="min-content"/>',
    "flat marker": '<marker markerWidth="0"/>',
    "turned picture": f'<g transform="rotate(90)">{embedded(png(9, 9))}</g>',
    "digits": f'<path d="M{"1" * 50_000}x"/>',
    "searching style sheet": "<style>z g g g g rect{fill:red}</style>",
    "has": "<style>g:has(g){fill:red}</style>",
}  # fmt: skip
"""What would hang or crash a careless program, or have no one meaning."""


@pytest.mark.parametrize(("inside", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_drawing_is_refused(inside: str, said: str) -> None:
    found = fault("a.svg", drawn(inside + RECT).encode())
    assert found is not None
    assert said in found
    assert len(found) < 160


BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + drawn("&b;")


def test_entities_are_refused_before_they_are_expanded() -> None:
    assert fault("a.svg", BOMB.encode()) == "has a DOCTYPE: export it as plain SVG"


@pytest.mark.parametrize("name", sorted(ASKED_FOR))
def test_shapes_that_nothing_asks_for_draw_nothing(name: str) -> None:
    unseen = drawn(f"<{name} id='a'>{RECT}</{name}>")
    assert fault("a.svg", unseen.encode()) == "draws nothing: export it again"


INKSCAPE = """
<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:zoom="nan">
  <inkscape:grid type="xygrid"/></sodipodi:namedview>
<metadata xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns:cc="http://creativecommons.org/ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <rdf:RDF><cc:Work rdf:about=""><dc:title>Words</dc:title>
  <dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/></cc:Work></rdf:RDF></metadata>
<path style="fill:#a1004b;-inkscape-stroke:none;stroke-width:.5px;font-family:'A B'"
  d="m 1,2 c 0.5,-.5 1e-1,1 1.5.5 z m3 0 a1 1 0 01.5.5 v-2H3q1 1 2 2t1 1s1 2 3 4Z"/>"""

ILLUSTRATOR = """
<switch><foreignObject requiredExtensions="http://ns.adobe.com/x/" width="1" height="1"/>
<g i:extraneous="self" xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/">
<style type="text/css">.st0{fill:#A1004B;stroke:none} g > .st1, .st2 { fill:url(#a); }</style>
<linearGradient id="a" gradientUnits="userSpaceOnUse" x1="0" x2="50"
  gradientTransform="matrix(1 0 0 -1 0 6.5)"><stop offset="0" style="stop-color:#FFF"/>
  <stop offset="100%" style="stop-color:#000"/></linearGradient>
<path class="st0" d="M0,0h9v9H0z"/><path class="st1" d="M9,9h9v9H9z"/></g></switch>"""

GOOD = {
    "negative origin": drawn(RECT, 'viewBox="-50 -20.5 100 41"'),
    "commas": drawn(RECT, 'viewBox="0,0,12.5,3"'),
    "width and height": drawn(RECT, 'width="40" height="20"'),
    "units": drawn(RECT, 'width="40mm" height="2in"'),
    "width alone": drawn(RECT, 'width="40mm" viewBox="0 0 9 9"'),
    "stretched": drawn(RECT, 'viewBox="0 0 9 9" preserveAspectRatio="none"'),
    "classes": drawn("<style>.k{fill:#123456;opacity:.5}</style><path class='k' d='M0 0h9v9z'/>"),
    "rules inside": drawn(f"<style>#a .k, g{{fill:red}}@media print{{g{{x:1}}}}</style>{RECT}"),
    "linear": drawn(gradient('x1="10%" gradientTransform="rotate(45 .5 .5)"')),
    "painted from above": drawn(f'<g fill="url(#a)"><linearGradient id="a">{STOPS}'
                                "</linearGradient><rect width='9' height='9'/></g>"),
    "radial": drawn(gradient('r=".5" fx=".3" spreadMethod="reflect"', "radial")),
    "gradient of a gradient": drawn(
        f'<linearGradient id="b">{STOPS}</linearGradient><linearGradient id="a" '
        f'xlink:href="#b"/>{FILLED}'
    ),
    "pattern": drawn(pattern('width="10" height="10" patternUnits="userSpaceOnUse"')),
    "clip": drawn(f'<clipPath id="c">{RECT}</clipPath><g clip-path="url(#c)">{RECT}</g>'),
    "mask": drawn(f'<mask id="c">{RECT}</mask><g mask="url(#c)">{RECT}</g>'),
    "marker": drawn(f'<marker id="m" orient="auto">{RECT}</marker>'
                    '<path d="M0 0L9 9" stroke="red" marker-end="url(#m)"/>'),
    "symbol": drawn(f'<symbol id="s" viewBox="0 0 9 9">{RECT}</symbol>'
                    '<use href="#s" width="30" height="30"/><use xlink:href="#s"/>'),
    "nested": drawn(f'<svg x="9" width="50" height="9" viewBox="0 0 9 9">{RECT}</svg>'),
    "many": drawn(RECT * 500),
    "deep": drawn("<g opacity='.99'>" * 80 + RECT + "</g>" * 80),
    "dashes": drawn('<path d="M0 9h90" stroke="red" stroke-width="9" stroke-dasharray="9, 7%"/>'),
    "transforms": drawn(f'<g transform="translate(9-2) rotate(45,3 3)scale(-.5)">{RECT}</g>',
                        'viewBox="-20 -20 40 40"'),
    "units inside": drawn('<rect width="5em" height="3mm" x="10%"/>'),
    "current colour": drawn('<g color="red"><rect width="9" height="9" fill="currentColor"/></g>'),
    "digits in a colour": drawn('<rect width="9" height="9" fill="#0001e9"/>'),
    "srgb": drawn('<rect width="9" height="9" fill="color(srgb 1 0 0)"/>'),
    "a picture leaning": drawn(f'<g transform="rotate(-160 9 9)">{embedded(png(9, 9))}</g>'),
    "inkscape": drawn(INKSCAPE),
    "illustrator": drawn(ILLUSTRATOR),
    "a picture in it": drawn(embedded(png(90, 60))),
    "a photograph in it": drawn(embedded(saved(Image.new("L", (9, 9)), "JPEG"), "jpeg")),
}  # fmt: skip
ENCODED = {
    "utf-8 with a mark": b"\xef\xbb\xbf" + drawn(RECT + "<title>ö</title>").encode(),
    "utf-16": ("<?xml version='1.0' encoding='UTF-16'?>" + drawn(RECT)).encode("utf-16"),
    "latin": "<?xml version='1.0' encoding='ISO-8859-1'?>".encode("latin-1")
    + drawn(RECT + "<title>ö</title>").encode("latin-1"),
}
TAKEN = {**{name: text.encode() for name, text in GOOD.items()}, **ENCODED}


@pytest.mark.parametrize("name", TAKEN)
def test_a_drawing_of_any_shape_is_taken(name: str) -> None:
    assert fault("a.svg", TAKEN[name]) is None


SLOW = drawn(
    '<filter id="f"><feGaussianBlur stdDeviation="20"/></filter>'
    + '<rect width="90" height="90" filter="url(#f)"/>' * 900
)


def test_a_drawing_that_takes_too_long_is_refused_and_the_next_is_drawn(
    artworks: Artworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logo_process, "SECONDS", 0.5)
    assert artworks.of(Asset("a.svg", SLOW.encode())) == logo_process.TOO_SLOW
    monkeypatch.undo()
    assert isinstance(artworks.of(Asset("a.svg", drawn(RECT).encode())), Artwork)


@pytest.mark.parametrize("name", ODD)
def test_an_odd_drawing_is_refused_or_looks_as_it_should(name: str, artworks: Artworks) -> None:
    found = artworks.of(Asset("a.svg", drawn(ODD[name] + RECT).encode()))
    if isinstance(found, str):
        assert len(found) < 160
    else:
        assert looks_like_its_file(found)


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("I;16", (40, 9)),
        Image.new("RGBA", (9, 40)),
        Image.new("P", (40, 40)),
        Image.new("LA", (40, 40)),
    ],
    ids=lambda picture: picture.mode,
)
def test_a_raster_of_any_kind_is_taken(picture: Image.Image) -> None:
    assert fault("a.png", saved(picture)) is None


def test_a_raster_of_a_few_pixels_is_refused() -> None:
    assert "needs at least 40 px" in str(fault("a.png", png(39, 39)))
    assert fault("a.png", png(40, 1)) is None
