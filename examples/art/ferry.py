"""The Last Ferry: harbour, wheelhouse and storm, in cold blue with one yellow coat."""

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

INK, NIGHT, DEEP, SLATE, STEEL = 0x0D1722, 0x15242F, 0x21384A, 0x35526A, 0x567488
MIST, HAZE, PALE, WHITE, DAWN = 0x86A0AE, 0xAFC0C7, 0xD2DAD9, 0xEEF1EC, 0xF1D6AC
COAT, COAT_SHADE, JUMPER, JUMPER_LIGHT = 0xE8AE2E, 0xBF8420, 0x20345A, 0x2B4470
RUST, RUST_SHADE, LAMP, SKIN, SKIN_SHADE = 0xB5482F, 0x8A3324, 0xFFD98A, 0xD79B76, 0xB47A59
BRASS, BRASS_SHADE, WOOD, WOOD_LIGHT, GREY = 0xC9A15A, 0x96733A, 0x4A2F22, 0x6B4630, 0x6C7780


# The ferry, drawn once: 600 long, the waterline at y 0, the bow to the right.

HULL = poly(*curve([(0, -76), (120, -68), (320, -66), (480, -76), (606, -104)]), (566, 0), (16, 0))


def ferry(p, x, y, scale, turn=0, veil=0):
    """The ferry at a waterline point; `veil` is how much haze lies over her."""

    def part(shape, colour):
        p.fill(place(shape, x, y, scale, turn), p.mix(colour, HAZE, veil))

    part(line([(412, -190), (412, -282)], 6), INK)
    part(line([(392, -250), (432, -250)], 4), INK)
    part(poly((196, -150), (206, -226), (258, -226), (254, -150)), RUST)
    part(poly((203, -206), (206, -226), (258, -226), (257, -206)), INK)
    part(poly((84, -110), (84, -156), (446, -156), (458, -110)), WHITE)
    part(rect(70, -160, 456, -152), PALE)
    part(poly((358, -156), (364, -200), (440, -200), (452, -156)), WHITE)
    part(rect(356, -206, 450, -198), RUST_SHADE)
    for at in (372, 398, 424):
        part(rect(at, -190, at + 18, -172), DEEP)
    part(poly((34, -64), (34, -116), (500, -116), (510, -64)), WHITE)
    part(rect(24, -118, 508, -112), PALE)
    for at in range(104, 340, 34):
        part(rect(at, -142, at + 20, -126), LAMP if at % 3 else DEEP)
    for at in range(56, 480, 38):
        part(ellipse(at, -92, 8), DEEP)
    part(HULL, DEEP)
    part(poly((6, -46), (583, -46), (577, -34), (9, -34)), WHITE)
    part(poly((11, -18), (572, -18), (566, 0), (16, 0)), RUST_SHADE)


# Harbour --------------------------------------------------------------------


def harbour_empty():
    p = harbour()
    fog(p, [(470, 0.5), (424, 0.55), (386, 0.5), (344, 0.3), (524, 0.35)])
    quay(p)
    return p


def harbour_ferry():
    p = harbour()
    fog(p, [(412, 0.35)])
    ferry(p, 150, 500, 1.05, veil=0.12)
    # Her bow wave and her shadow on the water.
    p.fill(poly((160, 500), (752, 500), (690, 526), (240, 522)), SLATE, 0.7)
    for y, x0, x1 in ((499, 120, 420), (503, 640, 800), (510, 700, 880), (518, 90, 260), (532, 420, 640)):
        p.fill(pill(x0, y - 3, x1, y + 3), WHITE, 0.75)
    fog(p, [(556, 0.3)])
    quay(p)
    return p


def harbour():
    p = Sheet(STEEL)
    for y, colour in (
        (90, 0x6C8797),
        (170, 0x829AA7),
        (240, 0x9AAFB8),
        (300, 0xB4C2C5),
        (350, 0xCDD2CB),
        (388, 0xE3DBC6),
    ):
        p.fill(ground([(0, y), (320, y - 14), (640, y + 6), (960, y - 10), (1280, y + 8)]), colour)
    p.fill(ellipse(930, 356, 96), DAWN, 0.4)
    p.fill(ellipse(930, 356, 62), DAWN)
    # Hills behind one another, each paler.
    p.fill(ground([(0, 356), (180, 318), (380, 366), (560, 344), (760, 398), (1280, 412)]), HAZE)
    p.fill(ground([(0, 392), (140, 366), (300, 404), (520, 410), (1280, 414)]), MIST)
    # The sea, and the sun on it.
    p.fill(band(412, 720), HAZE)
    for y, colour in ((440, 0x9FB4BE), (480, MIST), (530, 0x6F8B9B), (590, STEEL)):
        p.fill(ground([(0, y), (400, y + 7), (800, y - 6), (1280, y + 4)]), colour)
    for i, half in enumerate((70, 44, 78, 34, 60, 26, 48, 18)):
        y = 424 + 15 * i
        p.fill(pill(930 - half + (i % 3) * 9, y, 930 + half, y + 5), DAWN, 0.8)
    # The breakwater and its beacon.
    p.fill(poly((1010, 424), (1030, 402), (1280, 396), (1280, 432)), STEEL)
    p.fill(poly((1052, 402), (1057, 342), (1073, 342), (1078, 402)), SLATE)
    p.fill(rect(1054, 366, 1076, 380), PALE)
    p.fill(rect(1055, 326, 1075, 342), DEEP)
    p.fill(ellipse(1065, 334, 6), LAMP)
    return p


def fog(p, banks):
    for n, (y, alpha) in enumerate(banks):
        for x, width, dy in ((-120, 560, 0), (270, 470, 16), (640, 800, -10)):
            x += 70 * (n % 3)
            p.fill(pill(x, y + dy - 15, x + width, y + dy + 15), PALE, alpha)


def quay(p):
    p.fill(ground([(0, 628), (700, 646), (1280, 664)], smooth=False), NIGHT)
    p.fill(poly((0, 620), (700, 638), (1280, 656), (1280, 668), (700, 650), (0, 632)), SLATE)
    for x in (170, 420, 640, 900, 1130):
        p.fill(line([(x, 650 + x * 0.03), (x - 40, 720)], 3), INK)
    bollards = ((250, 640), (620, 650), (1010, 662))
    for (x0, y0), (x1, y1) in zip(bollards, bollards[1:]):
        p.fill(line(curve([(x0, y0 - 38), ((x0 + x1) / 2, y0 + 24), (x1, y1 - 38)]), 8), BRASS_SHADE)
    p.fill(line(curve([(-10, 560), (120, 604), (250, 602)]), 8), BRASS_SHADE)
    for x, y in bollards:
        p.fill(poly((x - 30, y), (x - 22, y - 62), (x + 22, y - 62), (x + 30, y)), INK)
        p.fill(pill(x - 42, y - 84, x + 42, y - 54), INK)
        p.fill(pill(x - 32, y - 82, x + 26, y - 76), SLATE)
        p.fill(ellipse(x, y, 40, 9), INK)
        for dy in (-36, -27):
            p.fill(pill(x - 28, y + dy, x + 28, y + dy + 8), BRASS_SHADE)
    # A lamp on its post, still burning.
    p.fill(ellipse(1137, 276, 60), LAMP, 0.3)
    p.fill(line([(1180, 670), (1180, 300), (1172, 268), (1140, 258)], 9), INK)
    p.fill(poly((1112, 272), (1122, 250), (1152, 250), (1162, 272)), INK)
    p.fill(ellipse(1137, 276, 13), LAMP)
    p.fill(poly((1162, 674), (1168, 620), (1192, 620), (1198, 674)), INK)


# Wheelhouse -----------------------------------------------------------------


def rain(p, seed, count, box, colour=PALE, alpha=0.5, width=2.5):
    """Slanting rain inside a box."""
    draw = Random(seed).random
    x0, y0, x1, y1 = box
    for _ in range(count):
        length = 18 + 34 * draw()
        x, y = x0 + length * 0.3 + (x1 - x0 - length * 0.3) * draw(), y0 + (y1 - y0 - length) * draw()
        p.fill(line([(x, y), (x - length * 0.3, y + length)], width), colour, alpha)


def wheelhouse():
    p = Sheet(STEEL)
    # Outside: low cloud and a sea on the move.
    for y, colour in ((110, 0x6B8697), (190, MIST), (262, HAZE)):
        p.fill(ground([(0, y), (300, y - 20), (620, y + 12), (960, y - 8), (1280, y + 10)]), colour)
    for y, colour in ((306, STEEL), (340, SLATE), (376, DEEP)):
        p.fill(
            ground([(0, y), (130, y - 22), (290, y + 12), (450, y - 18), (640, y + 14), (800, y - 14), (980, y)]),
            colour,
        )
    rain(p, 3, 34, (40, 60, 880, 400))

    # The wall with its three panes and the open door.
    panes = [(66, 78, 312, 400), (342, 78, 588, 400), (618, 78, 864, 400)]
    wall = rect(0, 0, WIDTH, HEIGHT)
    for x0, y0, x1, y1 in panes:
        wall = wall + hole(rect(x0, y0, x1, y1))
    door = (968, 96, 1196, 660)
    p.fill(wall + hole(rect(*door)), NIGHT)
    for x0, y0, x1, y1 in panes:
        p.fill(rect(x0 - 10, y0 - 10, x1 + 10, y1 + 10) + hole(rect(x0, y0, x1, y1)), WOOD)
        p.fill(rect(x0 - 14, y1 + 4, x1 + 14, y1 + 20), WOOD_LIGHT)
    p.fill(line([(466, 400), (540, 130)], 5), INK)  # a wiper
    p.fill(band(0, 44), INK)
    p.fill(rect(0, 460, 900, 560), DEEP)
    p.fill(rect(0, 452, 900, 464), WOOD_LIGHT)
    for x in (60, 150, 770):
        p.fill(ellipse(x, 510, 32), BRASS_SHADE)
        p.fill(ellipse(x, 510, 26), PALE)
        p.fill(line([(x, 510), (x + 12, 494)], 4), INK)
    p.fill(band(640, 720), INK)
    p.fill(poly((968, 660), (1196, 660), (1280, 720), (820, 720)), SLATE)

    # The doorway: grey light, and Tomas dripping in it.
    p.fill(rect(968, 96, 1196, 660), HAZE)
    p.fill(rect(968, 420, 1196, 660), MIST)
    rain(p, 8, 18, (972, 100, 1192, 520), WHITE, 0.7)
    p.fill(rect(952, 80, 1212, 660) + hole(rect(968, 96, 1196, 660)), WOOD_LIGHT)
    tomas(p, 1082, 660)

    # The lamp over the wheel.
    p.fill(rect(447, 0, 457, 44), BRASS_SHADE)
    p.fill(poly((418, 74), (436, 44), (468, 44), (486, 74)), BRASS)
    p.fill(ellipse(452, 76, 18, 9), LAMP)
    p.fill(poly((430, 80), (474, 80), (640, 640), (264, 640)), LAMP, 0.12)
    ships_wheel(p, 452, 440, 150)
    mara(p, 452)
    return p


def ships_wheel(p, x, y, r):
    for k in range(8):
        turn = 22.5 + 45 * k
        p.fill(place(line([(0, -r * 0.18), (0, -r * 0.98)], r * 0.085), x, y, 1, turn), WOOD_LIGHT)
        p.fill(place(line([(0, -r * 1.06), (0, -r * 1.3)], r * 0.09, r * 0.13), x, y, 1, turn), WOOD_LIGHT)
    p.fill(ring(x, y, r * 1.08, r * 0.9), WOOD)
    p.fill(ring(x, y, r * 1.01, r * 0.97), BRASS)
    p.fill(ellipse(x, y, r * 0.24), WOOD)
    p.fill(ellipse(x, y, r * 0.13), BRASS)


def mara(p, x):
    """From behind: grey braid, yellow oilskin, both hands on the wheel."""
    for way in (-1, 1):
        p.fill(line(curve([(x + 70 * way, 380), (x + 128 * way, 430), (x + 142 * way, 404)]), 54, 38), COAT_SHADE)
        p.fill(ellipse(x + 146 * way, 388, 23), SKIN)
        for dy in (-10, 0, 10):
            p.fill(pill(x + 146 * way - 20, 384 + dy - 5, x + 146 * way + 20, 384 + dy + 5), SKIN_SHADE)
    p.fill(
        blob(
            (x, 318),
            (x + 70, 338),
            (x + 100, 400),
            (x + 104, 520),
            (x + 138, 690),
            (x + 60, 706),
            (x - 60, 706),
            (x - 138, 690),
            (x - 104, 520),
            (x - 100, 400),
            (x - 70, 338),
        ),
        COAT,
    )
    p.fill(poly((x + 40, 704), (x + 52, 420), (x + 98, 400), (x + 104, 520), (x + 136, 690)), COAT_SHADE, 0.7)
    p.fill(line(curve([(x - 98, 400), (x - 70, 440), (x - 76, 520)]), 4), COAT_SHADE)
    # Collar, head, braid.
    p.fill(blob((x - 58, 322), (x, 302), (x + 58, 322), (x + 50, 352), (x, 362), (x - 50, 352)), COAT_SHADE)
    p.fill(ellipse(x - 52, 262, 10, 15), SKIN)
    p.fill(ellipse(x + 52, 262, 10, 15), SKIN)
    p.fill(
        blob(
            (x, 184),
            (x + 46, 206),
            (x + 56, 258),
            (x + 36, 312),
            (x, 328),
            (x - 36, 312),
            (x - 56, 258),
            (x - 46, 206),
        ),
        GREY,
    )
    for start, bend in ((-30, -20), (-10, -7), (12, 8), (32, 22)):
        p.fill(line(curve([(x + start, 206), (x + bend * 1.4, 260), (x + bend * 0.3, 312)]), 3), MIST)
    for k, half in enumerate((19, 20, 20, 19, 17, 14)):
        p.fill(ellipse(x - 6 + 12 * (k % 2), 320 + 26 * k, half, 18, 24 if k % 2 else -24), GREY if k % 2 else MIST)
    p.fill(pill(x - 12, 452, x + 12, 464), RUST)
    p.fill(poly((x - 10, 462), (x + 10, 462), (x + 16, 496), (x - 14, 498)), GREY)


def tomas(p, x, y):
    """Facing us in the doorway, `y` where his boots stand."""
    p.fill(ellipse(x, y + 12, 96, 14), PALE, 0.6)
    p.fill(
        poly((x - 50, y), (x - 46, y - 210), (x + 46, y - 210), (x + 50, y), (x + 12, y), (x, y - 150), (x - 12, y)),
        INK,
    )
    for way in (-1, 1):
        p.fill(
            line(curve([(x + 58 * way, y - 356), (x + 80 * way, y - 270), (x + 72 * way, y - 196)]), 40, 32),
            JUMPER_LIGHT,
        )
        p.fill(ellipse(x + 71 * way, y - 178, 15, 19), SKIN_SHADE)
    p.fill(
        blob(
            (x, y - 396),
            (x + 62, y - 372),
            (x + 64, y - 280),
            (x + 56, y - 196),
            (x, y - 190),
            (x - 56, y - 196),
            (x - 64, y - 280),
            (x - 62, y - 372),
        ),
        JUMPER,
    )
    for dy in (-340, -310, -280, -250, -220):
        p.fill(line(curve([(x - 52, y + dy), (x, y + dy + 8), (x + 52, y + dy)]), 4), JUMPER_LIGHT)
    p.fill(rect(x - 20, y - 424, x + 20, y - 384), SKIN_SHADE)
    p.fill(pill(x - 34, y - 404, x + 34, y - 380), JUMPER_LIGHT)
    p.fill(
        blob(
            (x, y - 496),
            (x + 38, y - 478),
            (x + 40, y - 438),
            (x + 22, y - 404),
            (x, y - 398),
            (x - 22, y - 404),
            (x - 40, y - 438),
            (x - 38, y - 478),
        ),
        SKIN,
    )
    # Soaked hair, eyes, a set mouth.
    p.fill(
        blob(
            (x - 44, y - 440),
            (x - 46, y - 492),
            (x, y - 522),
            (x + 46, y - 492),
            (x + 44, y - 440),
            (x + 32, y - 470),
            (x + 14, y - 462),
            (x, y - 474),
            (x - 16, y - 460),
            (x - 32, y - 472),
        ),
        INK,
    )
    p.fill(pill(x - 22, y - 450, x - 8, y - 445), INK)
    p.fill(pill(x + 8, y - 450, x + 22, y - 445), INK)
    p.fill(pill(x - 11, y - 419, x + 11, y - 415), SKIN_SHADE)
    for dx, dy in ((-52, -164), (60, -148), (-70, -140), (78, -100), (-64, -70), (-82, -30), (66, -40)):
        p.fill(line([(x + dx, y + dy), (x + dx, y + dy + 10)], 5), WHITE)


def wheelhouse_hands():
    p = Sheet(SLATE)
    for y, colour in ((80, STEEL), (170, MIST)):
        p.fill(ground([(0, y), (420, y - 24), (860, y + 18), (1280, y - 6)]), colour)
    p.fill(ground([(0, 262), (220, 226), (470, 270), (760, 222), (1010, 266), (1280, 232)]), SLATE)
    p.fill(ground([(0, 312), (260, 286), (560, 318), (880, 280), (1280, 310)]), DEEP)
    rain(p, 21, 48, (0, 0, 1280, 330), PALE, 0.5, 3)
    p.fill(band(330, 720), NIGHT)
    p.fill(band(322, 346), WOOD_LIGHT)
    p.fill(band(346, 356), INK)
    p.fill(rect(612, 0, 640, 330), WOOD)

    ships_wheel(p, 640, 900, 520)
    for way in (-1, 1):
        hand(p, way)
    return p


def hand(p, way):
    """A sleeve from the lower corner and a fist over the rim; `way` is -1 left, 1 right."""

    def part(shape, colour, alpha=1):
        p.fill(place(shape, 640, 0, flip=way < 0), colour, alpha)

    part(blob((660, 760), (500, 790), (330, 660), (306, 560), (388, 508), (520, 570), (700, 690)), COAT)
    part(blob((660, 770), (560, 780), (430, 690), (330, 600), (390, 610), (540, 680)), COAT_SHADE)
    part(line([(314, 572), (398, 506)], 34), COAT_SHADE)
    # The back of the hand, its tendons and white knuckles, the thumb along the rim.
    part(line(curve([(304, 500), (240, 500), (206, 470)]), 46, 28), SKIN)
    part(blob((336, 548), (268, 512), (244, 440), (280, 402), (352, 406), (398, 448), (392, 512)), SKIN)
    for k, (x, y) in enumerate(((360, 430), (324, 408), (286, 402), (252, 416))):
        part(ellipse(x, y, 21, 19), SKIN)
        part(ellipse(x - 1, y + 3, 13, 10), 0xE6BB9E)
        part(line([(x - 4, y + 26), (x - 8 + 4 * k, y + 64)], 4), SKIN_SHADE)
    part(line(curve([(290, 526), (242, 520), (212, 492)]), 4), SKIN_SHADE)


# Storm ----------------------------------------------------------------------


def storm_sky(p):
    for y, tilt, colour in (
        (70, 40, 0x2C4556),
        (150, 60, SLATE),
        (230, 40, 0x47647A),
        (310, 50, STEEL),
        (380, 30, 0x7690A0),
    ):
        p.fill(ground([(0, y + tilt), (260, y - 10), (560, y + 30), (900, y - 30), (1280, y - tilt)]), colour)


def storm_wide():
    p = Sheet(DEEP)
    storm_sky(p)
    rain(p, 5, 34, (0, 0, 1280, 420), MIST, 0.35, 3)
    # The sea behind, then the ferry, then the wave that carries her.
    p.fill(ground([(0, 470), (180, 440), (400, 476), (640, 440), (900, 470), (1280, 430)]), STEEL)
    ferry(p, 312, 524, 0.72, turn=-16)
    p.fill(
        ground(
            [
                (0, 640),
                (200, 566),
                (420, 478),
                (620, 424),
                (760, 384),
                (860, 330),
                (930, 292),
                (1000, 286),
                (1052, 318),
                (1080, 372),
                (1120, 440),
                (1200, 500),
                (1280, 520),
            ]
        ),
        SLATE,
    )
    # The crest falls over to the right.
    p.fill(
        blob(
            (700, 408),
            (820, 346),
            (916, 284),
            (1000, 268),
            (1066, 296),
            (1100, 352),
            (1070, 346),
            (1040, 318),
            (990, 312),
            (920, 340),
            (830, 392),
        ),
        WHITE,
    )
    p.fill(blob((920, 344), (990, 322), (1034, 330), (1066, 366), (1090, 430), (1040, 400), (980, 380)), HAZE)
    p.fill(line(curve([(300, 532), (420, 484), (560, 444), (690, 408), (740, 394)]), 12, 6), HAZE)
    for points in (
        [(240, 590), (440, 520), (640, 470), (800, 420), (900, 390)],
        [(320, 630), (540, 560), (760, 506), (920, 450), (1000, 420)],
        [(760, 600), (900, 540), (1020, 500), (1090, 500)],
    ):
        p.fill(line(curve(points), 5, 11), STEEL)
    p.fill(ground([(0, 600), (160, 622), (380, 676), (620, 640), (880, 590), (1080, 606), (1280, 560)]), DEEP)
    p.fill(line(curve([(420, 676), (620, 646), (860, 598), (1040, 612)]), 9, 5), MIST)
    p.fill(ground([(0, 670), (240, 690), (520, 706), (820, 664), (1280, 650)]), NIGHT)
    # Spray torn off to the right.
    draw = Random(11).random
    for _ in range(90):
        far = draw()
        x, y = 960 + 300 * far + 40 * draw(), 290 - 130 * far * draw() + 60 * (draw() - 0.5)
        p.fill(line([(x, y), (x + 16 * (1 - far) + 4, y - 5)], 7 - 5 * far), WHITE, 1 if far < 0.5 else 0.6)
    for x, y in ((756, 372), (744, 350), (770, 344), (782, 322), (762, 316)):
        p.fill(ellipse(x, y, 5), WHITE)
    return p


# The lifeboat hangs about (620, 420): the brush in the storyboard moves it from there.

SEA = [(0, 452), (120, 430), (260, 462), (420, 436), (560, 470), (700, 446), (840, 470), (1280, 450)]
SHIP = poly((820, 0), (1280, 0), (1280, 720), (700, 720), (742, 560), (790, 556), (806, 250), (818, 240))
BOAT = blob(
    (470, 398),
    (545, 410),
    (620, 413),
    (695, 410),
    (770, 396),
    (752, 442),
    (704, 470),
    (620, 478),
    (536, 470),
    (488, 444),
)
CANOPY = blob((500, 402), (530, 362), (620, 348), (712, 362), (744, 400), (695, 410), (620, 413), (545, 410))
# The boat with a little of what is around it, as one would paint it over.
BOAT_REGION = BOAT + CANOPY + line([*BOAT[0], BOAT[0][0]], 14) + line([*CANOPY[0], CANOPY[0][0]], 14)
FALLS = line([(532, 250), (532, 400)], 6) + line([(708, 250), (708, 400)], 6)
DAVITS = [
    line(curve([(x + 300, 546), (x + 296, 380), (x + 250, 240), (x + 130, 190), (x, 214), (x - 12, 246)]), 30, 14)
    for x in (544, 720)
]


def storm_boat():
    p = Sheet(DEEP)
    storm_sky(p)
    rain(p, 9, 42, (0, 0, 820, 440), MIST, 0.4, 3)
    p.fill(ground(SEA), STEEL)
    for dx, dy, colour in ((-90, 50, SLATE), (40, 124, DEEP), (-150, 202, NIGHT)):
        points = [(x + dx, y + dy) for x, y in [(-140, 455), *SEA, (1420, 460)]]
        p.fill(ground(points), colour)
        for x, y in points[2:5:2]:
            p.fill(line(curve([(x - 60, y - 2), (x, y - 10), (x + 50, y)]), 7, 4), PALE, 0.7)

    # The ferry's side: deckhouse, rail, lit windows.
    p.fill(DAVITS[1], INK)
    p.fill(SHIP, HAZE)
    p.fill(poly((820, 0), (846, 0), (836, 250), (820, 556), (790, 556), (806, 250)), MIST)
    for x, y in ((900, 70), (1040, 70), (1180, 70), (930, 330), (1090, 330)):
        p.fill(rect(x, y, x + 84, y + 96), SLATE)
        p.fill(rect(x + 8, y + 8, x + 76, y + 88), LAMP if y < 100 else DEEP)
    p.fill(poly((806, 222), (1280, 206), (1280, 244), (806, 252)), WHITE)
    p.fill(poly((806, 252), (1280, 244), (1280, 258), (806, 264)), STEEL)
    p.fill(poly((700, 720), (742, 552), (1280, 536), (1280, 720)), DEEP)
    p.fill(poly((736, 576), (742, 546), (1280, 530), (1280, 560)), WHITE)
    for x in range(860, 1280, 84):
        p.fill(line([(x, 540), (x, 452)], 7), INK)
    p.fill(line([(836, 452), (1280, 440)], 9), INK)
    p.fill(line([(836, 496), (1280, 486)], 5), INK)
    p.fill(ring(1180, 488, 40, 24), RUST)
    for turn in (45, 135, 225, 315):
        p.fill(place(rect(22, -7, 42, 7), 1180, 488, 1, turn), WHITE)

    # The lifeboat in its falls.
    p.fill(FALLS, INK)
    p.fill(CANOPY, RUST)
    p.fill(line(curve([(506, 396), (534, 368), (620, 354), (706, 368), (736, 394)]), 5), RUST_SHADE)
    for x in (566, 620, 674):
        p.fill(ellipse(x, 384, 11), DEEP)
    p.fill(BOAT, WHITE)
    p.fill(blob((492, 432), (620, 446), (748, 430), (702, 467), (620, 476), (538, 467)), HAZE)
    p.fill(line(curve([(472, 402), (545, 414), (620, 417), (695, 414), (768, 400)]), 8), RUST)
    for x in range(506, 730, 32):
        p.fill(line(arc(x + 14, 420 if 540 < x < 700 else 416, 16, 20, 160, 8), 4), STEEL)
    p.fill(DAVITS[0], INK)
    p.fill(rect(816, 538, 872, 560), INK)
    return p


def boat_mask():
    """What the brush moves."""
    p = Sheet(0x000000)
    p.fill(BOAT_REGION, 0xFFFFFF)
    return p


def sky_mask():
    """What the brush keeps still: the sky, without all that stands before it."""
    p = Sheet(0xFFFFFF)
    for shape in (ground(SEA), SHIP, *DAVITS, FALLS, BOAT_REGION):
        p.fill(shape, 0x000000)
    return p


PICTURES = {
    "frames/harbour-empty.png": harbour_empty,
    "frames/harbour-ferry.png": harbour_ferry,
    "frames/wheelhouse.png": wheelhouse,
    "frames/wheelhouse-hands.png": wheelhouse_hands,
    "frames/storm-wide.png": storm_wide,
    "frames/storm-boat.png": storm_boat,
    "masks/storm-sky.png": sky_mask,
    "masks/storm-boat.png": boat_mask,
}
