-- The grammar in Neovim: what is coloured as what, what folds, and that an open text does not spill.
local function fail(what)
  io.stdout:write("FAILED: " .. what .. "\n")
  vim.cmd("cquit 1")
end

vim.cmd.edit(vim.env.FOLDER .. "/colours.flow")
if not vim.treesitter.highlighter.active[vim.api.nvim_get_current_buf()] then fail("the file is coloured when it opens") end
vim.treesitter.get_parser(0):parse()

-- What the word is captured as that stands there.
local function captured(row, word)
  local line = vim.api.nvim_buf_get_lines(0, row - 1, row, false)[1]
  local column = line:find(word, 1, true)
  if not column then fail(word .. " is not in line " .. row) end
  local name = "nothing"
  for _, found in ipairs(vim.treesitter.get_captures_at_pos(0, row - 1, column - 1)) do
    if found.capture:sub(1, 1) ~= "_" then name = found.capture end
  end
  return name
end

for _, case in ipairs({
  { 1, "flow", "keyword" }, { 1, "shop", "module" }, { 1, "Shop", "string" },
  { 3, "channel", "keyword" }, { 3, "website", "constant" },
  { 5, "step", "keyword.function" }, { 5, "test", "function" }, { 5, "// why", "comment" },
  { 6, "ask", "keyword" }, { 6, "contact", "variable.builtin" }, { 6, "email", "property" },
  { 7, "skip", "property" }, { 7, "when", "keyword.conditional" }, { 7, "is", "keyword.operator" },
  { 8, "attempts", "property" }, { 8, "3", "number" }, { 8, "talk", "function" },
  { 10, "if", "keyword.conditional" }, { 10, "matches", "keyword.operator" }, { 10, "^a", "string.regexp" },
  { 10, "or", "keyword.operator" }, { 10, "end", "keyword.return" },
  { 11, "hand", "function.method" }, { 11, "team", "function.method" }, { 11, "sales", "type" }, { 11, "unavailable", "label" },
  { 12, "{name", "punctuation.special" }, { 12, "name", "variable" }, { 12, "you", "string" }, { 12, "\\n", "string.escape" },
}) do
  local row, word, wanted = unpack(case)
  local found = captured(row, word)
  if found ~= wanted then fail(word .. " in line " .. row .. " is " .. found .. ", not " .. wanted) end
end

-- The queries of folds and indents are read, too.
vim.wo.foldmethod = "expr"
vim.wo.foldexpr = "v:lua.vim.treesitter.foldexpr()"
vim.cmd("normal! zx")
if not vim.wait(5000, function() return vim.fn.foldlevel(8) >= 2 end, 20) then fail("a question's block folds") end
for _, name in ipairs({ "highlights", "locals", "folds", "indents", "injections", "textobjects" }) do
  if not vim.treesitter.query.get("flow", name) then fail(name .. ".scm is found") end
end
io.stdout:write("fine\n")
vim.cmd("qall!")
