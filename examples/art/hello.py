"""Hello: a woman reading at an open window, in the sun."""

from art.canvas import Sheet, arc, band, blob, curve, ellipse, line, poly, rect

WALL, WALL_LIGHT, WALL_SHADE = 0xD9825B, 0xE29A72, 0xB9623F
STONE, STONE_SHADE = 0xF3E3C8, 0xD9C2A0
ROOM, ROOM_LIGHT = 0x2C3A47, 0x3B4D5A
SHUTTER, SHUTTER_SHADE = 0x2F7F79, 0x22615E
SKIN, SKIN_SHADE = 0xEDB48C, 0xD3926C
HAIR, DRESS, DRESS_SHADE = 0x3A2420, 0xF2C14E, 0xD9A136
PAPER, COVER = 0xFBF4E4, 0xB23A3A
LEAF, LEAF_SHADE, BLOOM = 0x4F8A4B, 0x38693B, 0xD8434E


def window():
    p = Sheet(WALL)
    # The plaster: a few courses of brick show where it has come off.
    for x, y in (
        (60, 90),
        (128, 90),
        (94, 122),
        (162, 122),
        (60, 154),
        (1090, 560),
        (1158, 560),
        (1124, 592),
        (1192, 592),
    ):
        p.fill(rect(x, y, x + 58, y + 24), WALL_SHADE)
    p.fill(band(676, 720), WALL_SHADE)
    # Afternoon light falls across the wall.
    p.fill(poly((760, 0), (1280, 0), (1280, 420)), WALL_LIGHT)

    # The window: stone frame, dark room, a lit picture on the far wall.
    p.fill(rect(392, 52, 888, 580), STONE)
    p.fill(rect(392, 52, 410, 580), STONE_SHADE)
    p.fill(rect(424, 84, 856, 560), ROOM)
    p.fill(poly((424, 84), (600, 84), (424, 330)), ROOM_LIGHT)
    p.fill(rect(742, 150, 818, 250), ROOM_LIGHT)
    p.fill(rect(752, 160, 808, 240), SHUTTER_SHADE)

    for left, hinge in ((176, 392), (888, 1104)):
        p.fill(rect(left, 68, hinge, 568), SHUTTER)
        for y in range(96, 540, 22):
            p.fill(rect(left + 24, y, hinge - 24, y + 9), SHUTTER_SHADE)
        p.fill(rect(left, 304, hinge, 330), SHUTTER)
        p.fill(rect(left, 68, left + 8, 568), SHUTTER_SHADE)

    reader(p)

    # Sill, and a box of geraniums at either end.
    p.fill(rect(360, 556, 920, 592), STONE)
    p.fill(rect(360, 584, 920, 600), STONE_SHADE)
    for x in (380, 752):
        p.fill(poly((x, 566), (x + 148, 566), (x + 138, 640), (x + 10, 640)), COVER)
        for dx, dy, r in ((14, 0, 24), (44, -20, 28), (80, -8, 30), (112, -22, 26), (136, 0, 22)):
            p.fill(ellipse(x + dx, 556 + dy, r), LEAF_SHADE if dx % 4 else LEAF)
        for dx, dy, r in (
            (20, -18, 11),
            (50, -42, 13),
            (78, -24, 11),
            (104, -46, 13),
            (130, -16, 10),
            (64, -2, 9),
            (110, -6, 10),
        ):
            p.fill(ellipse(x + dx, 556 + dy, r), BLOOM)
    return p


def reader(p):
    """Head bent over a book, elbows on the sill."""
    p.fill(blob((640, 352), (720, 372), (770, 450), (790, 580), (490, 580), (510, 450), (560, 372)), DRESS)
    # Hair behind, neck and face, hair before.
    p.fill(blob((640, 146), (716, 176), (736, 250), (722, 326), (640, 350), (558, 326), (544, 250), (564, 176)), HAIR)
    p.fill(ellipse(640, 132, 44, 36), HAIR)
    p.fill(poly((604, 300), (676, 300), (688, 376), (640, 408), (592, 376)), SKIN_SHADE)
    p.fill(blob((640, 186), (694, 212), (700, 264), (676, 318), (640, 340), (604, 318), (580, 264), (586, 212)), SKIN)
    p.fill(blob((566, 236), (590, 178), (650, 168), (706, 186), (716, 240), (694, 214), (630, 206), (594, 226)), HAIR)
    for x in (614, 668):
        p.fill(line(arc(x, 256, 16, 20, 160), 4), HAIR)  # lids: she looks down
        p.fill(line(arc(x, 250, 22, 225, 315), 4), HAIR)
    p.fill(line([(641, 266), (635, 288), (644, 290)], 4), SKIN_SHADE)
    p.fill(line(arc(640, 298, 18, 40, 140), 5), COVER)
    p.fill(ellipse(600, 286, 13, 9), BLOOM, 0.25)
    p.fill(ellipse(682, 286, 13, 9), BLOOM, 0.25)

    # Arms and book.
    p.fill(line(curve([(530, 430), (498, 500), (520, 556)]), 62), DRESS_SHADE)
    p.fill(line(curve([(750, 430), (782, 500), (760, 556)]), 62), DRESS_SHADE)
    p.fill(poly((520, 452), (640, 476), (760, 452), (772, 548), (640, 572), (508, 548)), COVER)
    p.fill(poly((530, 444), (640, 468), (640, 556), (520, 534)), PAPER)
    p.fill(poly((750, 444), (640, 468), (640, 556), (760, 534)), STONE)
    for i in range(4):
        y = 470 + 16 * i
        p.fill(line([(546, y - 2), (622, y + 14)], 3), STONE_SHADE)
        p.fill(line([(658, y + 14), (734, y - 2)], 3), STONE_SHADE)
    for x, way in ((512, 1), (768, -1)):
        p.fill(ellipse(x, 520, 22, 32, -10 * way), SKIN)
        p.fill(line([(x, 506), (x + 26 * way, 500)], 15), SKIN)
        p.fill(line([(x, 524), (x + 22 * way, 520)], 14), SKIN)


PICTURES = {"frames/hello.png": window}
