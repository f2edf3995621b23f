#!/bin/sh
# The first two shots, as the service's pages have them.
curl --location 'https://gateway.example/kling/v1/videos/image2video' \
  --header "Authorization: Bearer $KLING_API_KEY" \
  --header 'Content-Type: application/json' \
  --data-raw '{
    "model_name": "kling-v2-6",
    "image": "https://stills.example.com/harbour.png",
    "prompt": "Fog lifts off the harbour'\''s water.",
    "mode": "pro",
    "duration": "5"
  }'

curl https://gateway.example/kling/v1/videos/image2video -H "Authorization: Bearer $KLING_API_KEY" -d @- <<JSON
{
  "model_name": "kling-v2-6",
  "image": "https://stills.example.com/quay.png",
  "prompt": "A rope tightens.",
  "mode": "pro",
  "duration": "10"
}
JSON
