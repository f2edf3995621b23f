-- A session of edits in Neovim: `nvim --headless -u NONE -S neovim.lua`, in a folder with the frames, $CLAPBOARD naming the program.
-- Ends with status 0 and `ok` where everything is as it should be.

local PATIENCE = 300000

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function check(condition, message)
  if not condition then
    fail(message .. "\n" .. debug.traceback())
  end
end

local path = vim.fn.getcwd() .. "/film.storyboard.yaml"
local film = {
  "storyboard: 1",
  "cast: { mara: { look: a woman } }",
  "shots:",
  "  - id: harbour-010",
  "    model: kling-v3",
  "    first_frame: frames/wide.png",
  "    promt: 渡🚢 $mara waits.",
}
vim.fn.writefile(film, path)
vim.cmd("edit " .. path)
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = "clapboard",
  cmd = { vim.env.CLAPBOARD, "lsp" },
  root_dir = vim.fn.getcwd(),
  on_error = function(code, message)
    fail("client error " .. code .. ": " .. vim.inspect(message))
  end,
})
check(client, "the client starts")
vim.lsp.buf_attach_client(buffer, client)

-- The codes that Neovim shows, once they are `expected`.
local function codes_become(expected)
  local found
  local came = vim.wait(PATIENCE, function()
    found = vim.tbl_map(function(it) return it.code or it.user_data.lsp.code end, vim.diagnostic.get(buffer))
    return vim.deep_equal(found, expected)
  end, 20)
  check(came, "codes are " .. vim.inspect(found) .. ", not " .. vim.inspect(expected))
end

local function ask(method, row, column, more)
  local params = {
    textDocument = { uri = vim.uri_from_fname(path) },
    position = { line = row, character = column },
  }
  local answers, problem = vim.lsp.buf_request_sync(buffer, method, vim.tbl_extend("force", params, more or {}), PATIENCE)
  check(answers, method .. ": " .. tostring(problem))
  local answer = answers[client]
  check(answer and not answer.error, method .. ": " .. vim.inspect(answer))
  return answer.result
end

codes_become({ "unknown-field" })

-- The fix, applied by Neovim, leaves nothing wrong.
local range = { start = { line = 6, character = 4 }, ["end"] = { line = 6, character = 9 } }
local actions = ask("textDocument/codeAction", 6, 4, { range = range, context = { diagnostics = {}, only = { "quickfix" } } })
check(actions[1].title == "Rename `promt` to `prompt`", vim.inspect(actions))
local encoding = vim.lsp.get_client_by_id(client).offset_encoding
vim.lsp.util.apply_workspace_edit(actions[1].edit, encoding)
check(vim.api.nvim_buf_get_lines(buffer, 6, 7, false)[1] == "    prompt: 渡🚢 $mara waits.", "the fix is applied")
codes_become({})

-- Keystrokes one by one; a name behind characters of two and four bytes is found by its place.
for _, letter in ipairs({ " ", "T", "O", "D", "O" }) do
  local line = vim.api.nvim_buf_get_lines(buffer, 6, 7, false)[1]
  vim.api.nvim_buf_set_text(buffer, 6, #line, 6, #line, { letter })
end
codes_become({ "todo-in-prompt" })
local line = vim.api.nvim_buf_get_lines(buffer, 6, 7, false)[1]
local shown = vim.diagnostic.get(buffer)[1]
check(line:sub(shown.col + 1, shown.end_col) == "TODO", "Neovim underlines `" .. line:sub(shown.col + 1, shown.end_col) .. "`")
local at = vim.str_utfindex and select(2, vim.str_utfindex(line, line:find("mara", 1, true))) or 0
check(ask("textDocument/hover", 6, at).contents.value:find("a woman", 1, true), "the hover shows the cast member")

-- Renamed in Neovim, it is renamed at both places.
local edit = ask("textDocument/rename", 1, 9, { newName = "anna" })
vim.lsp.util.apply_workspace_edit(edit, encoding)
local text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
check(text:find("cast: { anna:", 1, true) and text:find("$anna waits", 1, true), text)
codes_become({ "todo-in-prompt" })

local items = ask("textDocument/completion", 6, 4)
check(#(items.items or items) > 10, "fields are offered")
check(#ask("textDocument/documentSymbol", 0, 0) == 2, "one person and one shot")

vim.lsp.stop_client(client)
check(vim.wait(PATIENCE, function() return vim.lsp.get_client_by_id(client) == nil or vim.lsp.client_is_stopped(client) end, 20), "the server stops")
io.stdout:write("ok\n")
vim.cmd("qall!")
