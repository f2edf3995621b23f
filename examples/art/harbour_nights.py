"""Harbour Nights: black water, sodium light, and a lighthouse that should be dark."""

import math
from random import Random

from art.canvas import (
    HEIGHT,
    WIDTH,
    Sheet,
    arc,
    band,
    blob,
    curve,
    ellipse,
    ground,
    hole,
    line,
    pill,
    place,
    poly,
    rect,
    ring,
)

INK, NIGHT, DEEP, TEAL, SEA, FOAM = 0x070D14, 0x0D1A24, 0x142B36, 0x1E3F49, 0x2E5C66, 0x8FB3B0
AMBER, GLOW, CREAM, RUST, RED = 0xF0A03C, 0xFFCB6E, 0xF8EBCB, 0x9C4327, 0xC9412F
SKIN, SKIN_SHADE, HAIR = 0xD79F74, 0xA8714E, 0x1A1318
CARDIGAN, CARDIGAN_SHADE, JACKET, JACKET_SHADE = 0x6F7E86, 0x4E5C66, 0xE2752B, 0xB0531C
PEACOAT, PEACOAT_SHADE, BRASS = 0x2B3D55, 0x1A2940, 0x7A5A2E
WOOD, WOOD_LIGHT, STONE, STONE_LIGHT = 0x3A2419, 0x5A3A26, 0x33454D, 0x4C626A


def sky(p, top=0, bottom=400):
    for i, colour in enumerate((0x0B1620, NIGHT, 0x10222D, 0x132934, 0x17313C, 0x1B3944)):
        y = top + (bottom - top) * i / 6
        p.fill(ground([(0, y + 10), (420, y - 12), (860, y + 12), (1280, y - 8)]), colour)


def stars(p, seed, count, bottom):
    draw = Random(seed).random
    for _ in range(count):
        x, y, side = int(WIDTH * draw()), int(bottom * draw()), 3 + int(3 * draw())
        p.fill(rect(x, y, x + side, y + side), CREAM, 0.8)


def glow(p, x, y, r, colour=GLOW):
    for share, alpha in ((1, 0.08), (0.68, 0.12), (0.4, 0.2)):
        p.fill(ellipse(x, y, r * share), colour, alpha)


def glitter(p, x, y0, y1, half, colour=GLOW, alpha=0.75):
    """A light's broken path on the water."""
    for i, y in enumerate(range(y0, y1, 17)):
        reach = half * (0.55 + 0.45 * math.cos(i * 2.3)) * (1 + i * 0.04)
        p.fill(pill(x - reach, y, x + reach, y + 6), colour, alpha)


# Episode 1 ------------------------------------------------------------------


def quay():
    p = Sheet(INK)
    sky(p, 0, 430)
    stars(p, 1, 40, 240)
    # The town over the water, and its lights.
    draw = Random(4).random
    x = -10
    while x < WIDTH:
        width, top = 34 + 50 * draw(), 372 + 50 * draw()
        p.fill(rect(x, top, x + width, 450), DEEP)
        for _ in range(2):
            wx, wy = x + 6 + (width - 16) * draw(), top + 6 + 10 * draw()
            p.fill(rect(wx, wy, wx + 5, wy + 5), AMBER, 0.8)
        x += width
    p.fill(band(444, HEIGHT), TEAL)
    p.fill(ground([(0, 500), (400, 508), (900, 496), (1280, 506)]), DEEP)
    p.fill(ground([(0, 570), (400, 562), (900, 574), (1280, 566)]), NIGHT)

    for cx in (150, 420):
        crane(p, cx)
    freighter(p)
    for lx in (60, 300, 560):
        glitter(p, lx, 520, 640, 20, AMBER, 0.7)
    glitter(p, 1106, 504, 640, 26, GLOW, 0.7)

    # The wet quay and its lamps: one still dark.
    p.fill(ground([(0, 646), (1280, 662)], smooth=False), INK)
    p.fill(poly((0, 640), (1280, 656), (1280, 664), (0, 650)), SEA)
    for lx, lit in ((60, True), (300, True), (560, True), (840, False)):
        y = 654 + lx * 0.012
        if lit:
            glow(p, lx, 452, 110, AMBER)
            p.fill(poly((lx - 14, 460), (lx + 14, 460), (lx + 96, 720), (lx - 96, 720)), GLOW, 0.1)
            p.fill(ellipse(lx, y + 38, 66, 10), AMBER, 0.55)
            p.fill(ellipse(lx, y + 38, 34, 5), GLOW)
        p.fill(line([(lx, y + 8), (lx, 452)], 7), INK)
        p.fill(poly((lx - 22, 452), (lx - 10, 434), (lx + 10, 434), (lx + 22, 452)), INK)
        p.fill(pill(lx - 14, 449, lx + 14, 461), CREAM if lit else TEAL)
    # Rain-water on the stones.
    for x0, x1, y in ((150, 250, 690), (390, 500, 704), (660, 800, 686), (930, 1010, 702), (1080, 1230, 692)):
        p.fill(pill(x0, y, x1, y + 6), TEAL)
    return p


def crane(p, x):
    for dx in (0, 108):
        p.fill(poly((x + dx - 9, 650), (x + dx - 5, 196), (x + dx + 5, 196), (x + dx + 9, 650)), INK)
    for y in (300, 440, 560):
        p.fill(rect(x - 6, y, x + 114, y + 10), INK)
    p.fill(line([(x, 440), (x + 108, 310)], 5), INK)
    p.fill(line([(x, 560), (x + 108, 450)], 5), INK)
    p.fill(rect(x - 70, 184, x + 330, 202), INK)
    p.fill(poly((x + 50, 90), (x + 62, 90), (x + 74, 190), (x + 38, 190)), INK)
    p.fill(line([(x + 56, 94), (x + 322, 188)], 4), INK)
    p.fill(line([(x + 56, 94), (x - 66, 188)], 4), INK)
    p.fill(rect(x + 66, 202, x + 110, 234), INK)
    p.fill(rect(x + 74, 208, x + 102, 224), AMBER)
    p.fill(line([(x + 230, 200), (x + 230, 330)], 3), INK)
    p.fill(rect(x + 206, 330, x + 254, 352), RUST)
    p.fill(ellipse(x + 56, 86, 5), RED)


def freighter(p):
    p.fill(poly((640, 452), (1280, 438), (1280, 560), (700, 560), (664, 520)), 0x1A2931)
    p.fill(poly((676, 538), (1280, 538), (1280, 560), (700, 560)), RUST)
    colours = (RUST, TEAL, STONE, BRASS, SEA)
    for row in range(3):
        for column in range(5 - row):
            x, y = 716 + 62 * column, 412 - 34 * row - column
            p.fill(rect(x, y, x + 58, y + 31), colours[(row * 2 + column) % 5])
    p.fill(poly((1040, 446), (1040, 236), (1196, 236), (1196, 442)), STONE)
    p.fill(rect(1024, 222, 1212, 242), STONE_LIGHT)
    for y in (262, 312, 362):
        for x in (1056, 1092, 1128, 1164):
            p.fill(rect(x, y, x + 20, y + 24), GLOW if (x // 36 * 3 + y // 50) % 4 else NIGHT)
    p.fill(rect(1104, 170, 1140, 224), RUST)
    p.fill(line([(1066, 224), (1066, 140)], 5), INK)
    p.fill(ellipse(1066, 138, 6), RED)


def radio_room():
    p = Sheet(NIGHT)
    # The window: night, sea, and far out the light that should be dark.
    sky(p, 60, 330)
    stars(p, 7, 26, 260)
    p.fill(rect(0, 330, 620, 460), DEEP)
    p.fill(rect(0, 372, 620, 460), NIGHT)
    p.fill(poly((236, 332), (254, 318), (282, 318), (300, 332)), INK)
    p.fill(poly((262, 320), (264, 274), (274, 274), (276, 320)), INK)
    glow(p, 269, 268, 56)
    p.fill(ellipse(269, 268, 6), CREAM)
    glitter(p, 269, 340, 400, 12)
    window = rect(70, 70, 320, 430) + rect(346, 70, 596, 430)
    p.fill(rect(0, 0, WIDTH, HEIGHT) + hole(window), 0x1C1714)
    p.fill(rect(56, 56, 610, 444) + hole(window), WOOD)
    p.fill(rect(44, 438, 622, 458), WOOD_LIGHT)

    # The lamp's light over wall, desk and set.
    p.fill(poly((850, 250), (990, 250), (1240, 620), (520, 620)), AMBER, 0.14)
    p.fill(rect(0, 600, WIDTH, HEIGHT), WOOD)
    p.fill(rect(0, 592, WIDTH, 612), WOOD_LIGHT)
    p.fill(ellipse(860, 640, 330, 34), AMBER, 0.25)

    # The set: dials, a speaker, a row of keys.
    p.fill(rect(860, 392, 1240, 600), STONE)
    p.fill(rect(860, 392, 1240, 404), STONE_LIGHT)
    for x, turn in ((926, -40), (1024, 25)):
        p.fill(ellipse(x, 462, 42), INK)
        p.fill(ellipse(x, 462, 36), AMBER)
        p.fill(ellipse(x, 462, 26), GLOW)
        p.fill(place(line([(0, 0), (0, -28)], 4), x, 462, 1, turn), INK)
    p.fill(ellipse(1152, 482, 66), INK)
    for k in range(-2, 3):
        half = math.sqrt(56**2 - (22 * k) ** 2)
        p.fill(pill(1152 - half, 478 + 22 * k, 1152 + half, 486 + 22 * k), STONE)
    for k in range(5):
        p.fill(ellipse(902 + 36 * k, 556, 12), INK)
        p.fill(ellipse(902 + 36 * k, 553, 8), RED if k == 3 else CREAM)

    operator(p)

    # The lamp itself, and a mug.
    p.fill(line([(760, 604), (760, 420), (910, 190)], 9), INK)
    p.fill(rect(716, 590, 804, 606), INK)
    p.fill(poly((840, 258), (884, 176), (952, 176), (1000, 258)), RUST)
    p.fill(ellipse(920, 258, 78, 12), CREAM)
    p.fill(ring(702, 640, 22, 13), CREAM)
    p.fill(rect(640, 606, 700, 676), CREAM)
    p.fill(rect(640, 630, 700, 642), RED)
    return p


def operator(p):
    """Ines at the desk, in profile to the right, headset on, one hand at the dial."""
    p.fill(rect(330, 500, 350, HEIGHT), INK)
    p.fill(pill(322, 440, 356, 640), INK)
    p.fill(
        blob(
            (470, 372), (548, 398), (584, 470), (590, 580), (600, 720), (360, 720), (366, 560), (384, 440), (420, 388)
        ),
        CARDIGAN,
    )
    p.fill(blob((400, 420), (430, 470), (420, 600), (430, 720), (360, 720), (366, 560), (384, 440)), CARDIGAN_SHADE)
    p.fill(poly((452, 330), (522, 330), (528, 392), (486, 410), (444, 388)), SKIN_SHADE)
    p.fill(
        blob(
            (480, 196),
            (536, 208),
            (556, 250),
            (554, 280),
            (572, 306),
            (556, 314),
            (556, 336),
            (540, 358),
            (500, 360),
            (450, 330),
            (440, 250),
        ),
        SKIN,
    )
    p.fill(
        blob(
            (440, 340),
            (416, 290),
            (418, 220),
            (466, 176),
            (530, 184),
            (560, 220),
            (520, 232),
            (500, 262),
            (494, 300),
            (476, 344),
        ),
        HAIR,
    )
    p.fill(pill(530, 260, 550, 266), HAIR)
    p.fill(line([(528, 250), (552, 246)], 5), HAIR)
    p.fill(line([(540, 336), (556, 334)], 4), RUST)
    # Headset.
    p.fill(line(curve([(482, 262), (472, 214), (476, 174)]), 12), STONE)
    p.fill(ellipse(482, 282, 27, 33), INK)
    p.fill(ellipse(482, 282, 15, 20), RUST)
    p.fill(line(curve([(486, 312), (520, 356), (572, 348)]), 6), INK)
    p.fill(ellipse(576, 346, 10, 8), INK)
    # The arm to the dial.
    p.fill(line(curve([(452, 452), (560, 560), (700, 566), (826, 512)]), 68, 44), CARDIGAN)
    p.fill(line(curve([(470, 500), (566, 588), (700, 590), (806, 546)]), 10, 6), CARDIGAN_SHADE)
    p.fill(ellipse(852, 496, 30, 22, -30), SKIN)
    p.fill(line([(862, 488), (892, 470)], 14), SKIN)
    p.fill(line([(856, 504), (888, 490)], 13), SKIN_SHADE)


def light(lit):
    p = Sheet(INK)
    sky(p, 0, 440)
    stars(p, 12, 34 if lit else 60, 330)
    p.fill(band(446, HEIGHT), TEAL)
    p.fill(ground([(0, 500), (400, 494), (860, 508), (1280, 498)]), DEEP)
    p.fill(ground([(0, 580), (300, 592), (800, 574), (1280, 590)]), NIGHT)
    if lit:
        p.fill(poly((848, 138), (0, 30), (0, 300), (848, 168)), GLOW, 0.28)
        p.fill(poly((848, 146), (0, 96), (0, 236), (848, 160)), CREAM, 0.35)
        p.fill(poly((892, 138), (1280, 88), (1280, 222), (892, 168)), GLOW, 0.2)
        glow(p, 870, 152, 170)
        glitter(p, 300, 462, 640, 120, GLOW, 0.5)
        glitter(p, 870, 560, 700, 40, GLOW, 0.7)

    # The rock.
    p.fill(
        poly(
            (560, 566),
            (610, 520),
            (690, 500),
            (744, 458),
            (806, 470),
            (930, 462),
            (1010, 490),
            (1060, 540),
            (1160, 566),
        ),
        INK,
    )
    p.fill(poly((744, 458), (806, 470), (790, 520), (700, 548), (690, 500)), STONE)
    p.fill(poly((930, 462), (1010, 490), (980, 530), (900, 520)), STONE)
    # The tower: two bands, gallery, lantern, cap.
    tower = ((826, 470), (842, 196), (898, 196), (914, 470))
    p.fill(poly(*tower), STONE_LIGHT if not lit else 0xB9B6A2)
    p.fill(poly((880, 470), (876, 196), (898, 196), (914, 470)), STONE if not lit else 0x8A8C80)
    for y0, y1 in ((256, 316), (372, 428)):
        lean = 16 / 274
        p.fill(
            poly(
                (842 - (y0 - 196) * lean, y0),
                (898 + (y0 - 196) * lean, y0),
                (898 + (y1 - 196) * lean, y1),
                (842 - (y1 - 196) * lean, y1),
            ),
            RUST if not lit else RED,
        )
    for y in (230, 340):
        p.fill(rect(862, y, 876, y + 20), INK)
    p.fill(rect(826, 186, 914, 198), INK)
    for x in (830, 850, 870, 890, 910):
        p.fill(line([(x, 190), (x, 172)], 3), INK)
    p.fill(line([(826, 172), (914, 172)], 3), INK)
    p.fill(rect(846, 128, 894, 186), CREAM if lit else DEEP)
    for x in (846, 862, 878, 894):
        p.fill(line([(x, 128), (x, 186)], 3), INK)
    p.fill(poly((838, 130), (870, 92), (902, 130)), RUST if not lit else RED)
    p.fill(ellipse(870, 90, 6), INK)
    p.fill(line([(870, 88), (870, 66)], 3), INK)
    # The keeper's cottage, nobody home.
    p.fill(poly((936, 470), (936, 430), (1016, 430), (1016, 492)), STONE)
    p.fill(poly((926, 434), (950, 404), (1004, 404), (1026, 434)), INK)
    p.fill(rect(966, 444, 984, 462), INK)
    for x0, x1, y in ((540, 640, 570), (1090, 1200, 570), (660, 760, 590), (960, 1080, 594), (700, 830, 566)):
        p.fill(pill(x0, y - 3, x1, y + 3), FOAM, 0.8)
    return p


def tug():
    p = Sheet(INK)
    sky(p, 0, 430)
    stars(p, 20, 36, 260)
    p.fill(poly(*arc(1010, 150, 62, -99.8, 135.3), *reversed(arc(985, 142, 55, -74.8, 110.3))), CREAM)
    p.fill(band(432, HEIGHT), TEAL)
    glitter(p, 1010, 444, 560, 40, CREAM, 0.7)
    p.fill(ground([(0, 500), (300, 480), (640, 506), (960, 482), (1280, 500)]), DEEP)

    # Wheelhouse, lit, with Rook at the wheel and Ines by the door.
    p.fill(rect(470, 236, 800, 452), STONE)
    p.fill(poly((450, 220), (780, 206), (836, 236), (450, 246)), RUST)
    p.fill(rect(502, 262, 600, 404), GLOW)
    p.fill(rect(626, 262, 774, 350), GLOW)
    p.fill(poly((530, 404), (530, 330), (546, 318), (566, 318), (582, 330), (582, 404)), CARDIGAN_SHADE)
    p.fill(ellipse(556, 298, 19, 22), SKIN_SHADE)
    p.fill(blob((536, 300), (538, 274), (558, 268), (578, 280), (572, 288), (550, 290), (544, 312)), HAIR)
    p.fill(poly((650, 350), (658, 330), (680, 316), (706, 316), (724, 330), (728, 350)), JACKET)
    p.fill(line(curve([(708, 330), (734, 344), (752, 334)]), 13, 11), JACKET_SHADE)
    p.fill(ellipse(693, 297, 19, 21), SKIN_SHADE)
    p.fill(poly((670, 290), (674, 274), (708, 274), (724, 290)), INK)
    p.fill(line([(756, 312), (746, 350)], 5), INK)
    p.fill(line([(640, 212), (640, 108)], 7), INK)
    p.fill(ellipse(640, 104, 8), RED)
    p.fill(line([(640, 120), (930, 424)], 3), INK)
    p.fill(poly((350, 452), (362, 256), (424, 256), (436, 452)), RUST)
    p.fill(poly((359, 290), (362, 256), (424, 256), (426, 290)), INK)
    for cx, cy, r in ((392, 226, 26), (352, 196, 32), (300, 176, 36), (238, 168, 40)):
        p.fill(ellipse(cx, cy, r), TEAL, 0.5)

    # Hull, tyres along the side, bow wave.
    p.fill(poly(*curve([(196, 430), (420, 446), (700, 434), (900, 402), (1010, 360)]), (958, 556), (236, 556)), INK)
    p.fill(line(curve([(196, 432), (420, 448), (700, 436), (900, 404), (1008, 362)]), 12), RUST)
    for x in range(280, 900, 100):
        y = 490 - max(0, x - 600) * 0.07
        p.fill(ring(x, y, 30, 14), STONE)
    p.fill(rect(226, 398, 330, 446), STONE)
    p.fill(ellipse(930, 418, 8), GLOW)
    p.fill(ground([(0, 560), (200, 536), (420, 556), (700, 540), (940, 556), (1280, 540)]), NIGHT)
    p.fill(blob((880, 560), (960, 510), (1010, 486), (1060, 506), (1130, 548), (1060, 556), (1000, 540)), FOAM)
    p.fill(line(curve([(120, 566), (300, 548), (520, 566), (760, 552), (900, 560)]), 9), FOAM)
    p.fill(line(curve([(0, 590), (140, 566), (260, 580)]), 7), FOAM)
    glitter(p, 556, 572, 660, 44, GLOW, 0.55)
    glitter(p, 700, 572, 650, 50, GLOW, 0.55)
    p.fill(ground([(0, 652), (340, 672), (760, 648), (1280, 676)]), INK)
    return p


# Episode 2 ------------------------------------------------------------------


def landing():
    p = Sheet(INK)
    sky(p, 0, 520)
    stars(p, 31, 44, 380)
    p.fill(rect(0, 470, WIDTH, HEIGHT), DEEP)
    p.fill(ground([(0, 540), (200, 530), (520, 546), (1280, 540)]), NIGHT)
    # The tower fills the right of the frame; its door stands open.
    p.fill(poly((700, 0), (1170, 0), (1230, 520), (648, 520)), STONE)
    p.fill(poly((980, 0), (1170, 0), (1230, 520), (1010, 520)), DEEP)
    for y in range(40, 520, 68):
        p.fill(line(curve([(700 - y * 0.1, y), (930, y + 16), (1176 + y * 0.1, y)]), 4), TEAL)
    p.fill(poly((820, 500), (820, 330), *arc(890, 330, 70, 180, 360, 20), (960, 500)), INK)
    p.fill(poly((834, 500), (834, 332), *arc(890, 332, 56, 180, 360, 20), (946, 500)), GLOW)
    p.fill(poly((834, 500), (834, 332), *arc(890, 332, 56, 180, 250, 10), (872, 500)), WOOD_LIGHT)
    p.fill(ellipse(864, 420, 5), AMBER)
    p.fill(poly((872, 500), (946, 500), (830, 720), (520, 720)), GLOW, 0.22)
    p.fill(rect(890, 130, 930, 200), INK)
    # Rock, and steps cut into it.
    p.fill(poly((400, 720), (440, 640), (540, 600), (600, 520), (700, 496), (1280, 490), (1280, 720)), INK)
    for i in range(7):
        y, half = 506 + 32 * i, 64 + 17 * i
        x = 880 - 34 * i
        p.fill(
            poly((x - half, y), (x + half, y), (x + half + 12, y + 12), (x - half - 12, y + 12)),
            AMBER if i < 2 else 0x8A6234 if i < 4 else WOOD_LIGHT,
        )
        p.fill(rect(x - half - 12, y + 12, x + half + 12, y + 32), WOOD if i < 4 else NIGHT)
    # Two of them on the steps, a lantern between.
    walker(p, 690, 654, 1.15, PEACOAT, PEACOAT_SHADE, cap=True)
    walker(p, 800, 600, 1.0, JACKET, JACKET_SHADE, cap=False)
    glow(p, 752, 588, 90)
    p.fill(line([(736, 556), (752, 566)], 4), INK)
    p.fill(rect(742, 568, 764, 602), INK)
    p.fill(rect(746, 574, 760, 596), CREAM)
    return p


def walker(p, x, y, scale, coat, shade, cap):
    """A figure from behind, climbing; `y` where the feet stand."""

    def part(shape, colour):
        p.fill(place(shape, x, y, scale), colour)

    part(line([(-10, -66), (-16, 0)], 20, 16), HAIR)
    part(line([(12, -66), (20, -18)], 20, 16), HAIR)
    part(blob((0, -142), (26, -132), (34, -96), (32, -58), (0, -54), (-32, -58), (-34, -96), (-26, -132)), coat)
    part(blob((-30, -120), (-14, -100), (-12, -58), (-32, -58), (-34, -96)), shade)
    part(line(curve([(26, -124), (42, -98), (40, -76)]), 17, 14), shade)
    part(line(curve([(-26, -124), (-42, -98), (-40, -76)]), 17, 14), shade)
    part(ellipse(0, -158, 17, 20), HAIR)
    if cap:
        part(pill(-20, -180, 20, -160), INK)


def stair():
    """Straight up the well of the tower: the treads wind towards the lamp."""
    p = Sheet(INK)
    x, y, treads, total = 640, 350, 14, 65
    for k in range(total):
        outer = 1400 * 0.55 ** (k / treads)
        inner = outer * 0.65
        start, stop = 360 / treads * k + 8, 360 / treads * (k + 1) + 8
        dark, warm = (NIGHT, AMBER) if k % 2 else (DEEP, GLOW)
        tone = p.mix(dark, warm, round((k / total) ** 1.7 * 16) / 16)
        p.fill(poly(*arc(x, y, outer, start, stop, 8), *reversed(arc(x, y, inner, start, stop, 8))), tone)
    p.fill(ellipse(x, y, 76), AMBER)
    p.fill(ellipse(x, y, 58), GLOW)
    p.fill(ellipse(x, y, 38), CREAM)
    # Someone leans over the rail, far above.
    p.fill(blob((606, 322), (624, 298), (648, 298), (668, 322), (640, 336)), INK)
    p.fill(ellipse(637, 288, 14), INK)
    p.fill(pill(596, 318, 680, 326), INK)
    return p


def logbook():
    p = Sheet(WOOD)
    for y in (90, 214, 352, 498, 640):
        p.fill(line(curve([(0, y), (400, y + 10), (860, y - 8), (1280, y + 6)]), 3), INK)
    p.fill(ellipse(660, 340, 620, 430), AMBER, 0.12)
    p.fill(ellipse(660, 330, 440, 320), AMBER, 0.14)
    # Boards, pages, ruling.
    p.fill(poly((206, 132), (1090, 112), (1118, 622), (188, 640)), INK)
    p.fill(poly((214, 138), (1082, 120), (1108, 612), (198, 630)), RUST)
    left = poly((648, 150), (470, 122), (238, 140), (222, 604), (450, 590), (652, 622))
    right = poly((648, 150), (830, 116), (1060, 128), (1084, 588), (850, 580), (652, 622))
    p.fill(left, CREAM)
    p.fill(right, 0xE9D7AE)
    p.fill(poly((648, 150), (618, 146), (616, 612), (652, 622)), 0xCDB88C)
    draw = Random(40).random
    for i in range(7):
        y = 214 + 52 * i
        p.fill(line([(262 - i, y - 6), (600, y + 14)], 2), 0xD8C69C)
        p.fill(line([(690, y + 12), (1046 + i * 2, y - 14)], 2), 0xD0BB8B)
        # What the keepers wrote; on the right, tonight's page, it stops half-way down.
        write(p, draw, (268, y - 14), (590, y + 5), DEEP)
        if i < 4:
            write(p, draw, (702, y + 3), (1030, y - 21), DEEP if i else RED)
    # Ribbon, pen, watch.
    p.fill(line(curve([(640, 150), (660, 400), (640, 600), (676, 690)]), 11), RED)
    p.fill(line([(800, 520), (1010, 430)], 14, 12), INK)
    p.fill(line([(800, 520), (770, 533)], 10, 2), AMBER)
    p.fill(ellipse(1176, 560, 62), BRASS)
    p.fill(ellipse(1176, 560, 52), CREAM)
    for turn in range(0, 360, 30):
        p.fill(place(line([(0, -44), (0, -38)], 4), 1176, 560, 1, turn), INK)
    p.fill(line([(1176, 560), (1176, 526)], 4), INK)
    p.fill(line([(1176, 560), (1166, 546)], 5), INK)
    p.fill(ring(1176, 488, 14, 7), BRASS)
    return p


def write(p, draw, start, stop, ink):
    """A line of handwriting nobody can read."""
    (x, y), slope = start, (stop[1] - start[1]) / (stop[0] - start[0])
    while x < stop[0] - 50:
        width = 24 + 50 * draw()
        letters = [(x + t * width / 4, y + (x - start[0]) * slope - 10 * (t % 2)) for t in range(5)]
        p.fill(line(letters, 4), ink)
        x += width + 18


def lamp_room():
    p = Sheet(NIGHT)
    p.fill(band(204, HEIGHT), 0x10222D)
    p.fill(band(404, HEIGHT), TEAL)
    p.fill(band(540, HEIGHT), DEEP)
    stars(p, 52, 24, 380)
    glow(p, 640, 320, 520, AMBER)
    for x in (-20, WIDTH + 20):
        p.fill(poly((640, 270), (640, 370), (x, 470), (x, 170)), GLOW, 0.16)
    # The lantern's panes, and the gallery's rail behind them.
    for x in range(126, WIDTH, 339):
        p.fill(rect(x, 0, x + 10, 620), INK)
    for y in (196, 404):
        p.fill(band(y, y + 8), INK)
    p.fill(band(540, 546), INK)

    # The lens: bull's-eye and prisms in a brass frame.
    p.fill(blob((640, 40), (792, 130), (838, 320), (792, 510), (640, 600), (488, 510), (442, 320), (488, 130)), BRASS)
    p.fill(blob((640, 58), (778, 140), (820, 320), (778, 500), (640, 582), (502, 500), (460, 320), (502, 140)), AMBER)
    for y, half in ((104, 92), (150, 130), (196, 152), (444, 152), (490, 130), (536, 92)):
        p.fill(
            line(
                curve(
                    [
                        (640 - half, y + (8 if y < 320 else -8)),
                        (640, y - (8 if y < 320 else -8)),
                        (640 + half, y + (8 if y < 320 else -8)),
                    ]
                ),
                13,
            ),
            GLOW,
        )
    for r, colour in ((116, BRASS), (108, GLOW), (84, AMBER), (74, GLOW), (54, CREAM), (26, 0xFFFFFF)):
        p.fill(ellipse(640, 320, r), colour)
    p.fill(line([(640, 44), (640, 204)], 7), BRASS)
    p.fill(line([(640, 436), (640, 596)], 7), BRASS)
    p.fill(poly((560, 596), (720, 596), (760, 720), (520, 720)), WOOD)
    p.fill(rect(540, 590, 740, 608), BRASS)

    # Ines on the left, the keeper on the right, lit from between.
    woman(p, 250)
    keeper(p, 1030)
    p.fill(band(700, 720), INK)
    return p


def woman(p, x):
    p.fill(
        blob((x, 356), (x + 66, 374), (x + 92, 460), (x + 100, 720), (x - 110, 720), (x - 96, 460), (x - 64, 374)),
        JACKET,
    )
    p.fill(
        blob((x - 40, 372), (x - 10, 470), (x - 16, 720), (x - 110, 720), (x - 96, 460), (x - 64, 374)), JACKET_SHADE
    )
    p.fill(line(curve([(x + 62, 408), (x + 98, 490), (x + 84, 580)]), 46, 36), JACKET_SHADE)
    p.fill(line(curve([(x + 88, 420), (x + 118, 492), (x + 104, 584)]), 5), GLOW)
    p.fill(ellipse(x + 82, 606, 20, 24), SKIN)
    p.fill(rect(x - 20, 320, x + 24, 376), SKIN_SHADE)
    p.fill(
        blob(
            (x + 4, 206),
            (x + 48, 220),
            (x + 58, 258),
            (x + 74, 292),
            (x + 58, 298),
            (x + 54, 328),
            (x + 28, 346),
            (x - 22, 326),
            (x - 40, 262),
        ),
        SKIN,
    )
    p.fill(
        blob(
            (x - 26, 342),
            (x - 58, 292),
            (x - 54, 222),
            (x - 8, 186),
            (x + 46, 196),
            (x + 62, 230),
            (x + 24, 238),
            (x + 6, 268),
            (x, 300),
            (x - 8, 336),
        ),
        HAIR,
    )
    p.fill(ellipse(x + 2, 282, 9, 13), SKIN_SHADE)
    p.fill(pill(x + 36, 258, x + 54, 264), HAIR)
    p.fill(line([(x + 40, 322), (x + 54, 320)], 4), RUST)


def keeper(p, x):
    p.fill(
        blob((x, 366), (x + 72, 386), (x + 104, 480), (x + 112, 720), (x - 104, 720), (x - 98, 470), (x - 68, 384)),
        0x223044,
    )
    p.fill(blob((x + 40, 380), (x + 16, 470), (x + 20, 720), (x + 112, 720), (x + 104, 480), (x + 72, 386)), 0x162234)
    for y in (440, 500, 560, 620):
        p.fill(ellipse(x - 34, y, 8), AMBER)
    p.fill(line(curve([(x - 64, 420), (x - 130, 470), (x - 190, 420)]), 46, 36), PEACOAT)
    p.fill(ellipse(x - 206, 404, 24, 18, 40), SKIN)
    p.fill(line([(x - 212, 400), (x - 236, 382)], 12), SKIN)
    p.fill(
        blob(
            (x - 4, 226),
            (x - 48, 240),
            (x - 56, 276),
            (x - 72, 306),
            (x - 56, 314),
            (x - 50, 348),
            (x, 366),
            (x + 36, 330),
            (x + 40, 272),
        ),
        SKIN_SHADE,
    )
    p.fill(
        blob((x - 62, 326), (x - 20, 318), (x + 10, 290), (x + 42, 300), (x + 34, 370), (x - 16, 412), (x - 56, 380)),
        CREAM,
    )
    p.fill(blob((x + 44, 300), (x + 10, 290), (x + 12, 250), (x + 48, 250)), CREAM)
    p.fill(blob((x - 60, 246), (x - 40, 198), (x + 20, 190), (x + 56, 226), (x + 50, 256), (x - 20, 250)), 0x162234)
    p.fill(line([(x - 78, 252), (x - 20, 248)], 11), INK)
    p.fill(pill(x - 52, 276, x - 34, 282), HAIR)


PICTURES = {
    "frames/quay.png": quay,
    "frames/radio-room.png": radio_room,
    "frames/light-dark.png": lambda: light(lit=False),
    "frames/light-lit.png": lambda: light(lit=True),
    "frames/tug.png": tug,
    "frames/landing.png": landing,
    "frames/stair.png": stair,
    "frames/logbook.png": logbook,
    "frames/lamp-room.png": lamp_room,
}
