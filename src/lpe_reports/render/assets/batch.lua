-- Renders many documents in one process: `pandoc lua batch.lua <assets> <folder>...`.
-- Each folder holds page.qmd (or page.md); page.html and page.typ are written beside it, and what could not be
-- honoured to page.warnings, a line each. A document that fails does not stop the others: its
-- error is written to page.error.

local assets = arg[1]
local path = pandoc.path.join

local function read(name)
  local file = assert(io.open(name, 'rb'))
  local text = file:read 'a'
  file:close()
  return text
end

local function write(name, text)
  local file = assert(io.open(name, 'wb'))
  assert(file:write(text))
  assert(file:close())
end

local FORMATS = {
  html = { writer = 'html5', template = 'page.html' },
  typst = { writer = 'typst', template = 'page.typ' },
}
for _, format in pairs(FORMATS) do
  -- (Named, so that it finds the parts that it shares with others beside itself.)
  local name = path { assets, format.template }
  format.compiled = pandoc.template.compile(read(name), name)
end
local filter = path { assets, 'filter.lua' }

-- (GitHub's Markdown has no formulas between dollar signs here: in a manual they are variables.)
local GITHUB = 'gfm+yaml_metadata_block-tex_math_dollars-tex_math_gfm'

-- page.qmd is a report's or an index page, page.md a page of the manual, as GitHub shows it.
local function document(folder)
  local manual = io.open(path { folder, 'page.md' }, 'rb')
  if not manual then return pandoc.read(read(path { folder, 'page.qmd' }), 'markdown') end
  manual:close()
  local doc = pandoc.read(read(path { folder, 'page.md' }), GITHUB)
  return pandoc.utils.run_lua_filter(doc, path { assets, 'manual.lua' })
end

local function render(doc, name, output, warn)
  local format = FORMATS[name]
  local environment = setmetatable({ FORMAT = format.writer, lpe_warn = warn }, { __index = _G })
  local filtered = pandoc.utils.run_lua_filter(doc:clone(), filter, environment)
  local options = {
    template = format.compiled, section_divs = true, wrap_text = 'none', highlight_method = 'none',
  }
  write(output, pandoc.write(filtered, format.writer, options))
end

for number = 2, #arg do
  local folder = arg[number]
  local warnings, told = {}, {}
  local function warn(words)
    -- (Both formats tell the same.)
    if not told[words] then table.insert(warnings, words) end
    told[words] = true
  end
  local ok, problem = pcall(function()
    local doc = document(folder)
    render(doc, 'html', path { folder, 'page.html' }, warn)
    if not (doc.meta.lpe and doc.meta.lpe['html-only']) then
      render(doc, 'typst', path { folder, 'page.typ' }, warn)
    end
  end)
  if #warnings > 0 then write(path { folder, 'page.warnings' }, table.concat(warnings, '\n')) end
  if not ok then write(path { folder, 'page.error' }, tostring(problem)) end
end
