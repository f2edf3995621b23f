"""Flat shapes on a 1280x720 sheet, and the sheet as a PNG.

A shape is a list of contours, a contour a list of (x, y) points in pixels, y downwards. What a contour turns
around is inside (the non-zero rule); a hole is a contour that turns the other way. A colour is 0xRRGGBB.
"""

import math
import struct
import zlib
from collections import Counter

WIDTH, HEIGHT = 1280, 720
SUB = 4  # samples a pixel, each way
NEAR = 3000  # squared distance of two colours whose edge needs no softening


# Shapes ---------------------------------------------------------------------


def poly(*points):
    """A polygon, turned clockwise whichever way it was written."""
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in edges(points))
    return [list(points) if area >= 0 else list(reversed(points))]


def edges(points):
    return zip(points, (*points[1:], points[0]))


def rect(x0, y0, x1, y1):
    return poly((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def band(y0, y1):
    return rect(0, y0, WIDTH, y1)


def ellipse(x, y, rx, ry=None, turn=0):
    """An ellipse, or a circle without `ry`; `turn` in degrees, clockwise."""
    ry = rx if ry is None else ry
    steps = max(16, int(max(rx, ry) * 0.9))
    ring = (math.tau * i / steps for i in range(steps))
    return place(poly(*((rx * math.cos(a), ry * math.sin(a)) for a in ring)), x, y, turn=turn)


def pill(x0, y0, x1, y1):
    """A bar with round ends, lying or standing."""
    r = min(x1 - x0, y1 - y0) / 2
    return line([(x0 + r, y0 + r), (x1 - r, y1 - r)], 2 * r)


def line(points, width, end=None):
    """A stroke with round joints and ends, from `width` to `end` thick."""
    end = width if end is None else end
    last = len(points) - 1
    radii = [(width + (end - width) * i / last) / 2 for i in range(last + 1)]
    shape = []
    for (x, y), r in zip(points, radii):
        shape += ellipse(x, y, r)
    for (x0, y0), (x1, y1), r0, r1 in zip(points, points[1:], radii, radii[1:]):
        length = math.hypot(x1 - x0, y1 - y0)
        if length:
            nx, ny = (y0 - y1) / length, (x1 - x0) / length
            shape += poly(
                (x0 + nx * r0, y0 + ny * r0),
                (x1 + nx * r1, y1 + ny * r1),
                (x1 - nx * r1, y1 - ny * r1),
                (x0 - nx * r0, y0 - ny * r0),
            )
    return shape


def curve(points, closed=False, steps=12):
    """Points of a smooth line through `points` (Catmull-Rom)."""
    if closed:
        around = [points[-1], *points, points[0], points[1]]
    else:
        around = [points[0], *points, points[-1]]
    path = []
    for p0, p1, p2, p3 in zip(around, around[1:], around[2:], around[3:]):
        for i in range(steps):
            t = i / steps
            path.append(
                tuple(
                    (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))) / 2
                    for a, b, c, d in zip(p0, p1, p2, p3)
                )
            )
    return path if closed else [*path, points[-1]]


def blob(*points):
    """A smooth closed outline through `points`."""
    return poly(*curve(points, closed=True))


def ground(points, bottom=HEIGHT, smooth=True):
    """All that lies under a line from left to right: hills, waves, a quay."""
    top = curve(points) if smooth else list(points)
    return poly(*top, (top[-1][0], bottom), (top[0][0], bottom))


def arc(x, y, radius, start, stop, steps=48):
    """Points on a circle; degrees, clockwise from three o'clock."""
    angles = (math.radians(start + (stop - start) * i / steps) for i in range(steps + 1))
    return [(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles]


def ring(x, y, outer, inner):
    return ellipse(x, y, outer) + hole(ellipse(x, y, inner))


def hole(shape):
    return [list(reversed(contour)) for contour in shape]


def place(shape, x=0, y=0, scale=1, turn=0, flip=False):
    """The shape drawn around (0, 0), scaled, turned clockwise by degrees and put at (x, y)."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    moved = []
    for contour in shape:
        points = [(-u if flip else u, v) for u, v in contour]
        moved.append([(x + scale * (u * cos - v * sin), y + scale * (u * sin + v * cos)) for u, v in points])
    return [list(reversed(c)) for c in moved] if flip else moved


# The sheet ------------------------------------------------------------------


class Sheet:
    def __init__(self, colour):
        self.rows = [[colour] * WIDTH for _ in range(HEIGHT)]
        self.mixed = {}

    def fill(self, shape, colour, alpha=1):
        """Paints a shape, opaque or as a veil of `alpha`."""
        for y, x0, x1, cover in runs(shape):
            row = self.rows[y]
            if alpha < 1:
                # A veil's edge is faint: it is left hard, which keeps the file small.
                row[x0:x1] = [self.mix(under, colour, alpha) for under in row[x0:x1]]
            elif cover < 1:
                row[x0:x1] = [self.soften(under, colour, cover) for under in row[x0:x1]]
            else:
                row[x0:x1] = [colour] * (x1 - x0)

    def soften(self, under, over, cover):
        """An edge pixel; between colours that are near each other nobody sees the step."""
        return over if distance(under, over) < NEAR else self.mix(under, over, cover)

    def mix(self, under, over, share):
        key = (under, over, share)
        if key not in self.mixed:
            channels = ((under >> s & 255, over >> s & 255, s) for s in (16, 8, 0))
            self.mixed[key] = sum(round(u + (o - u) * share) << s for u, o, s in channels)
        return self.mixed[key]

    def png(self):
        """The sheet as an indexed PNG: at most 256 colours."""
        palette = sorted(set().union(*self.rows))
        index = {colour: i for i, colour in enumerate(palette)}
        body = b"".join(b"\0" + bytes(index[colour] for colour in row) for row in self.rows)
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0))
            + chunk(b"PLTE", b"".join(colour.to_bytes(3, "big") for colour in palette))
            + chunk(b"IDAT", zlib.compress(body, 9))
            + chunk(b"IEND", b"")
        )


def runs(shape):
    """What a shape covers: (row, first column, column after the last, share of 1)."""
    crossings = {}
    for contour in shape:
        for (x0, y0), (x1, y1) in edges(contour):
            # On a fine grid, so that another machine's sine gives the same picture.
            x0, y0, x1, y1 = (round(v * 64) / 64 for v in (x0, y0, x1, y1))
            if y0 == y1:
                continue
            turn = 1
            if y0 > y1:
                x0, y0, x1, y1, turn = x1, y1, x0, y0, -1
            slope = (x1 - x0) / (y1 - y0)
            first = max(0, math.ceil(y0 * SUB - 0.5))
            after = min(HEIGHT * SUB, math.ceil(y1 * SUB - 0.5))
            for sub in range(first, after):
                x = x0 + slope * ((sub + 0.5) / SUB - y0)
                at = min(max(round(x * SUB), 0), WIDTH * SUB)
                crossings.setdefault(sub, []).append((at, turn))

    rows = {}
    for sub, line_crossings in crossings.items():
        winding = 0
        for at, turn in sorted(line_crossings):
            if winding == 0:
                start = at
            winding += turn
            if winding == 0 and at > start:
                rows.setdefault(sub // SUB, []).append((start, at))

    for y in sorted(rows):
        # `step` holds where the cover changes for good, `part` what one pixel has besides.
        step, part = Counter(), Counter()
        for start, stop in rows[y]:
            a, b = start // SUB, stop // SUB
            if a == b:
                part[a] += stop - start
            else:
                part[a] += SUB - start % SUB
                part[b] += stop % SUB
                step[a + 1] += SUB
                step[b] -= SUB
        cover, places = 0, sorted({*step, *part, *(x + 1 for x in part)})
        for x, after in zip(places, places[1:]):
            cover += step[x]
            # In halves: few in-between colours keep the file small.
            share = round((cover + part[x]) / (SUB * SUB) * 2) / 2
            if share and x < WIDTH:
                yield y, x, min(after, WIDTH), min(share, 1)


def distance(a, b):
    return sum(((a >> s & 255) - (b >> s & 255)) ** 2 for s in (16, 8, 0))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def unpacked(png):
    """A PNG's parts with the pixels inflated; None where it is no such file.

    Another zlib packs the same pixels into other bytes: two files are compared by this.
    """
    try:
        chunks, at = [png[:8]], 8
        while at < len(png):
            length, kind = struct.unpack(">I4s", png[at : at + 8])
            data = png[at + 8 : at + 8 + length]
            chunks.append((kind, zlib.decompress(data) if kind == b"IDAT" else data))
            at += 12 + length
        return chunks
    except (struct.error, zlib.error):
        return None
