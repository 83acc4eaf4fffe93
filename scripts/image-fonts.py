"""Makes the font files of images: see docs/decisions/0014-images.md."""
import sys
import tempfile
from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib.instancer import instantiateVariableFont

inter, arabic, symbols, out = sys.argv[1:]
LATIN = [*range(0x20, 0x180), 0x192, *range(0x2000, 0x2070), *range(0x2070, 0x20D0),
         *range(0x2100, 0x2150), *range(0x2190, 0x2194), 0x2212, 0x2248, *range(0x2260, 0x2266), 0x25B2, 0x25BC, 0x25C7, 0x25CB]
CONTROLS = [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
LAYOUT = ['kern', 'calt', 'ccmp', 'locl', 'mark', 'mkmk', 'init', 'medi', 'fina', 'isol', 'rlig', 'liga', 'curs']
KEPT = ['GlyphOrder', 'OS/2', 'cmap', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'name', 'post', 'GDEF', 'GPOS', 'GSUB']

def subset(font, unicodes):
    options = Options(layout_features=LAYOUT, hinting=False, notdef_outline=True, glyph_names=False)
    worker = Subsetter(options)
    worker.populate(unicodes=unicodes)
    worker.subset(font)
    return font

def tabular(font):
    """Digits of one width: the painter of images knows no font features."""
    gsub = font['GSUB'].table
    lookups = {i for r in gsub.FeatureList.FeatureRecord if r.FeatureTag == 'tnum' for i in r.Feature.LookupListIndex}
    widths = {}
    for i in lookups:
        for sub in gsub.LookupList.Lookup[i].SubTable:
            widths.update(getattr(sub, 'ExtSubTable', sub).mapping)
    for table in font['cmap'].tables:
        for digit in range(0x30, 0x3A):
            if digit in table.cmap: table.cmap[digit] = widths.get(table.cmap[digit], table.cmap[digit])

def part(path, unicodes, upem, **axes):
    font = TTFont(path)
    if 'fvar' in font: font = instantiateVariableFont(font, axes)
    font.flavor = None
    for table in [*font.keys()]:
        if table not in KEPT: del font[table]
    if 0x30 in unicodes: tabular(font)
    subset(font, unicodes)
    if font['head'].unitsPerEm != upem: scale_upem(font, upem)
    font['head'].unitsPerEm = 2048
    return font

def name(font, weight):
    font['name'].names = []
    style = {400: 'Regular', 600: 'SemiBold', 300: 'Light'}[weight]
    for id, text in {1: 'Shumar Images', 2: style, 4: f'Shumar Images {style}', 6: f'ShumarImages-{style}',
                     13: 'SIL Open Font License 1.1', 14: 'https://openfontlicense.org'}.items():
        font['name'].setName(text, id, 3, 1, 0x409)
    font['OS/2'].usWeightClass = weight

scratch = tempfile.mkdtemp()
for weight in (300, 400, 600):
    parts = [
        part(inter, LATIN, 2048, opsz=14, wght=weight),
        # Beside Inter the Arabic letters look a size too small.
        part(arabic, [*range(0x600, 0x700), 0xFDF2, 0xFDFA], round(2048 * 1.06), wght=max(400, weight)),
        part(symbols, [0x25A8], 2048),
    ]
    metrics = {k: getattr(parts[0]['hhea'], k) for k in ('ascent', 'descent', 'lineGap')}
    files = []
    for n, font in enumerate(parts):
        font['OS/2'] = parts[0]['OS/2']
        files.append(f'{scratch}/part{n}.ttf'); font.save(files[-1])
    merged = Merger().merge(files)
    for k, v in metrics.items(): setattr(merged['hhea'], k, v)
    # Marks of direction have no width; without a glyph of their own, text would fall back.
    blank = next(c for c in (0x200B, 0x200C, 0x200D) if c in merged.getBestCmap())
    for table in merged['cmap'].tables:
        for control in CONTROLS:
            if table.isUnicode(): table.cmap.setdefault(control, table.cmap[blank])
    name(merged, weight)
    merged.save(f'{out}/images-1-{weight}.ttf')
