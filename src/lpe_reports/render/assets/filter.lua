-- What the reports' documents become in both formats and by both drivers, in passes: what cannot
-- be honoured goes, with a warning; references find their words; the constructs that authors
-- write; and last what only the whole page shows. Runs before Quarto's own filters (at: pre-ast).

local folder = pandoc.path.directory(debug.getinfo(1, 'S').source:sub(2))

-- What the passes share. `warn` is English and names the construct, never the document's text.
local page = {
  html = FORMAT:match 'html' ~= nil,
  typst = FORMAT:match 'typst' ~= nil,
  UNWRAP = 'lpe-unwrap', -- the class of a block of which only the content stays
  warn = lpe_warn or function(words) io.stderr:write('[WARNING] lpe: ' .. words .. '\n') end,
}

-- A text as a Typst string.
function page.quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ') .. '"'
end

-- What the page's own parts are called: a heading with such a word gets an id that they do not have.
local TAKEN = {
  innehall = true, perioder = true, versionsbesked = true, visa = true, version = true, grannar = true,
  permanent = true, farskhet = true, ['uppgifter-till'] = true, ['min-enhet'] = true,
}

function page.own_id(id)
  if TAKEN[id] or id:match '^tabell%-' or id:match '^diagram%-' or id:match '^fotnot' then
    return 'avsnitt-' .. id
  end
  return id
end

-- The id as the page's own parts leave it free; empty where another part of the page has it.
local claimed = {}
function page.claim(id, warn)
  local own = page.own_id(id)
  if own == '' or not claimed[own] then
    claimed[own] = true
    return own
  end
  (warn or page.warn)(('the id #%s is used more than once; a reference leads to the first'):format(id))
  return ''
end

function page.part(name, ...)
  return dofile(pandoc.path.join { folder, 'filter', name .. '.lua' })(page, ...)
end

-- Each format takes its own raw parts only; Quarto would make tables of the others.
local function own_format(raw)
  if raw.format ~= (page.html and 'html' or 'typst') then return {} end
end

-- A PDF lies alone: links between pages become plain text in it, others stay.
local function link(element)
  if page.typst and not element.target:match '^%a[%w+.-]*:' then return element.content end
  -- (Not to the page's own parts: tables and charts are linked to by the ids that they have.)
  local id = element.target:match '^#(.+)$'
  if id and TAKEN[id] then
    element.target = '#' .. page.own_id(id)
    return element
  end
end

local function heading(element)
  element.identifier = page.claim(element.identifier)
  return element
end

-- In a PDF the words under a heading stay on one page with the chart or table they are about,
-- and so does the last block of a page with the lines that say where it came from.
local function keep_together(blocks)
  local kept = pandoc.Blocks {}
  local function sticky(block)
    kept:insert(pandoc.RawBlock('typst', '#block(sticky: true)['))
    kept:insert(block)
    kept:insert(pandoc.RawBlock('typst', ']'))
  end
  for number, block in ipairs(blocks) do
    local after = blocks[number + 1]
    local before = blocks[number - 1]
    local leads = block.t == 'Para' and after and after.t == 'RawBlock' and before and before.t == 'Header'
    -- (What holds blocks of its own ends with a bracket, which cannot be taken apart. After all
    -- blocks Quarto keeps one of its own, which shows nothing.)
    local ends = not after or (after.t == 'Div' and after.classes:includes 'hidden')
    local last = ends and block.t == 'RawBlock' and block.text:match '^#'
    if leads or last then sticky(block) else kept:insert(block) end
  end
  return kept
end

-- The page's title is its only heading of the first level.
local function whole(doc)
  local highest = 6
  doc:walk { Header = function(header) highest = math.min(highest, header.level) end }
  if highest == 1 then
    doc = doc:walk { Header = function(header) header.level = math.min(header.level + 1, 6) return header end }
  end
  if page.typst then
    -- Parts that are the page's only are gone from a PDF by now, and must not come between.
    doc.blocks = keep_together(doc.blocks)
  end
  return doc
end

local part = page.part
local figures, constructs = part 'figures', part 'constructs'
constructs.Link, constructs.Header = link, heading
constructs.RawBlock, constructs.RawInline = own_format, own_format

return {
  part 'unhonoured',
  part 'references',
  figures.figures,
  constructs,
  part 'footnotes',
  figures.tables,
  { Pandoc = whole },
}
