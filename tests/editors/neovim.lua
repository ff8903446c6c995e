-- The server in Neovim: findings show, completion inserts, a rename edits two files, a code action mends, a file is
-- formatted.
local function fail(what)
  io.stdout:write("FAILED: " .. what .. "\n")
  vim.cmd("cquit 1")
end
local function check(what, condition)
  if not vim.wait(20000, condition, 20) then fail(what) end
end

-- The files of `editors/neovim`, but for the command: this one was built here.
vim.lsp.config("chatflow", { cmd = { vim.env.CHATFLOW, "lsp" } })
vim.lsp.enable("chatflow")
vim.cmd.edit(vim.env.FOLDER .. "/shop.flow")
if vim.bo.filetype ~= "flow" or vim.bo.commentstring ~= "// %s" then fail("the kind of file is known") end

check("the server attaches", function() return #vim.lsp.get_clients({ bufnr = 0 }) == 1 end)
check("findings show", function() return #vim.diagnostic.get(0) == 1 end)
local client = vim.lsp.get_clients({ bufnr = 0 })[1]
if client.offset_encoding ~= "utf-8" then fail("columns are bytes") end

local function request(method, params)
  local answer = client:request_sync(method, params, 20000, 0)
  if not answer or answer.err then fail(method .. " " .. vim.inspect(answer)) end
  return answer.result
end
local function at(row, column)
  vim.api.nvim_win_set_cursor(0, { row, column })
  return vim.lsp.util.make_position_params(0, client.offset_encoding)
end

-- A code action mends.
local place = at(7, 6)
local range = { start = place.position, ["end"] = place.position }
local actions = request("textDocument/codeAction",
  { textDocument = place.textDocument, range = range, context = { diagnostics = {} } })
for _, action in ipairs(actions) do
  if action.title == "write `thanks`" then
    vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  end
end
check("the finding goes", function() return #vim.diagnostic.get(0) == 0 end)
if vim.api.nvim_buf_get_lines(0, 6, 7, false)[1] ~= "  -> thanks" then fail("the action writes the name") end

-- Completion inserts.
vim.api.nvim_buf_set_lines(0, 6, 7, false, { "  -> th" })
-- The cursor of a mode without insertion does not stand behind a line.
local behind = vim.tbl_extend("force", at(7, 0), { position = { line = 6, character = 7 } })
local items = request("textDocument/completion", behind)
local thanks = vim.tbl_filter(function(item) return item.label == "thanks" end, items)[1]
if not thanks then fail("completion offers the step") end
vim.lsp.util.apply_text_edits({ thanks.textEdit }, vim.api.nvim_get_current_buf(), client.offset_encoding)
if vim.api.nvim_buf_get_lines(0, 6, 7, false)[1] ~= "  -> thanks" then fail("completion inserts the step") end

-- A rename edits two files.
local rename = at(6, 14)
rename.newName = "gather"
vim.lsp.util.apply_workspace_edit(request("textDocument/rename", rename), client.offset_encoding)
local here = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\n")
local there = vim.fn.bufnr(vim.env.FOLDER .. "/details.flow")
local module = table.concat(vim.api.nvim_buf_get_lines(there, 0, -1, false), "\n")
if not here:find("do details.gather", 1, true) or not module:find("step gather {", 1, true) then fail("a rename") end

-- The file gets its layout.
local tidy = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.api.nvim_buf_set_lines(0, 6, 7, false, { "->    thanks" })
vim.lsp.buf.format({ async = false, timeout_ms = 20000 })
if not vim.deep_equal(vim.api.nvim_buf_get_lines(0, 0, -1, false), tidy) then fail("formatting") end

-- Hovering, folding and tokens are answered.
if not request("textDocument/hover", at(10, 6)) then fail("hover") end
io.stdout:write("fine\n")
vim.cmd("qall!")
