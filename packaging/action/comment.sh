#!/usr/bin/env bash
# Keeps one comment on the pull request up to date: what it would cost. Called by action.yml.
set -euo pipefail

mark='<!-- clapboard: plan -->'
body=$RUNNER_TEMP/clapboard/comment.md

# The base may be outside of a shallow clone.
git cat-file -e "$BASE^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$BASE"

# shellcheck disable=SC2153  # from action.yml
read -r -d '' -a paths <<<"$PATHS" || true
status=0
plan=$("$RUNNER_TEMP/clapboard/bin/clapboard" plan --since "$BASE" --format markdown -- "${paths[@]}") || status=$?
if [ -z "$plan" ] && [ "$status" -ne 0 ]; then
  plan='The storyboards have errors; what they would cost is not known.'
fi
printf '%s\n### What this pull request would buy\n\n%s\n' "$mark" "$plan" >"$body"

comments=repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments
post() {
  local earlier
  earlier=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | head -1) || return
  if [ -n "$earlier" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$earlier" --field "body=@$body"
  else
    gh api --silent --method POST "$comments" --field "body=@$body"
  fi
}
if ! post; then
  # A pull request from a fork has a token that only reads.
  echo "::warning title=clapboard::the comment could not be written: it needs \`permissions: pull-requests: write\`"
  cat "$body" >>"$GITHUB_STEP_SUMMARY"
fi
