"""Reads what `export` wrote with the libraries of others, and prints what they understood as JSON.

Usage: read.py FILE [FRAMES_A_SECOND]
"""

import json
import sys

path = sys.argv[1]
ending = path.rsplit(".", 1)[-1]


def clips(timeline):
    for clip in timeline.find_clips():
        media = clip.media_reference
        yield {
            "name": clip.name,
            "start": clip.source_range.start_time.value,
            "duration": clip.source_range.duration.value,
            "rate": clip.source_range.duration.rate,
            "kind": media.schema_name(),
            "url": getattr(media, "target_url", None),
            "markers": [marker.name for marker in clip.markers],
            "metadata": json.loads(otio.core.serialize_json_to_string(clip.metadata, indent=-1)),
        }


if ending in ("otio", "edl", "fcpxml"):
    import opentimelineio as otio

    if ending == "otio":
        timeline = otio.adapters.read_from_file(path)
        markers = [[marker.name, marker.marked_range.start_time.value] for marker in timeline.tracks.markers]
    elif ending == "edl":
        timeline = otio.adapters.read_from_file(path, rate=float(sys.argv[2]))
        markers = []
    else:
        collection = otio.adapters.read_from_file(path, "fcpx_xml")
        timeline = collection if hasattr(collection, "tracks") else collection[0]
        markers = []
    found = {
        "name": timeline.name,
        "duration": timeline.duration().value,
        "markers": markers,
        "clips": list(clips(timeline)),
    }
elif ending == "srt":
    import pysrt
    import pysubs2

    strict = pysrt.open(path, error_handling=pysrt.ERROR_RAISE)
    lenient = [event for event in pysubs2.load(path)]
    assert len(strict) == len(lenient), (len(strict), len(lenient))
    found = [[item.start.ordinal, item.end.ordinal, item.text] for item in strict]
    assert [[event.start, event.end] for event in lenient] == [item[:2] for item in found]
else:
    import html

    import webvtt

    found = [[cue.start, cue.end, html.unescape(cue.voice), html.unescape(cue.text)] for cue in webvtt.read(path)]

print(json.dumps(found))
