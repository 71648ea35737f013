-- The constructs that reports use beyond plain Markdown, for both formats and both drivers:
-- callouts, tabsets, columns, figures with their alt text, tables without inline styles,
-- links that a PDF can follow. Runs before Quarto's own filters (at: pre-ast).

local html = FORMAT:match 'html' ~= nil
local typst = FORMAT:match 'typst' ~= nil

local CALLOUTS = {
  note = 'Observera', tip = 'Tips', warning = 'Varning', important = 'Viktigt', caution = 'Var försiktig',
}

local function quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('%s+', ' ') .. '"'
end

local function callout_kind(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match '^callout%-(%a+)$'
    if kind and CALLOUTS[kind] then return kind end
  end
end

-- (No class here begins with "callout-": Quarto would take it for a callout once more.)
-- A callout's title is its `title` attribute, or a heading at its beginning, or its kind.
local function callout_parts(div, kind)
  local content = div.content:clone()
  local title = div.attributes.title
  if not title and content[1] and content[1].t == 'Header' then
    title = pandoc.utils.stringify(content:remove(1))
  end
  return title or CALLOUTS[kind], content
end

local function callout(div, kind)
  local title, content = callout_parts(div, kind)
  if html then
    content:insert(1, pandoc.Div({ pandoc.Para { pandoc.Str(title) } }, pandoc.Attr('', { 'notice-title' })))
    return pandoc.Div(content, pandoc.Attr('', { 'notice', kind }, { role = 'note' }))
  end
  content:insert(1, pandoc.RawBlock('typst', '#notice(' .. quoted(kind) .. ', title: ' .. quoted(title) .. ')['))
  content:insert(pandoc.RawBlock('typst', ']'))
  return content
end

-- Columns keep their order and share the width; how wide each is, is the stylesheet's matter.
local function columns(div)
  local cells = div.content:filter(function(block) return block.t == 'Div' and block.classes:includes 'column' end)
  if html then
    for _, cell in ipairs(cells) do cell.attributes = {} end
    div.attributes = {}
    return div
  end
  local blocks = pandoc.Blocks { pandoc.RawBlock('typst', ('#grid(columns: (1fr,) * %d, gutter: 14pt,'):format(#cells)) }
  for _, cell in ipairs(cells) do
    blocks:insert(pandoc.RawBlock('typst', '['))
    blocks:extend(cell.content)
    blocks:insert(pandoc.RawBlock('typst', '],'))
  end
  blocks:insert(pandoc.RawBlock('typst', ')'))
  return blocks
end

function Div(div)
  local kind = callout_kind(div)
  if kind then return callout(div, kind) end
  if div.classes:includes 'columns' then return columns(div) end
  -- Without a script a tabset is its parts one after the other, under their headings.
  if div.classes:includes 'panel-tabset' then return div.content end
end

-- Pandoc's Typst writer does not hand on the alt text.
function Image(image)
  local alt = image.attributes['fig-alt'] or image.attributes.alt or pandoc.utils.stringify(image.caption)
  if html then
    return pandoc.Image(alt, image.src, '', pandoc.Attr(image.identifier, image.classes))
  end
  return pandoc.RawInline('typst', ('#image(%s, alt: %s)'):format(quoted(image.src), quoted(alt)))
end

-- A formula is read aloud as it is written: a PDF must have words for it.
function Math(math)
  if not typst then return nil end
  local written = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, 'typst'):gsub('%s+$', '')
  return pandoc.RawInline('typst', ('#[#set math.equation(alt: %s)\n%s]'):format(quoted(math.text), written))
end

-- What the page's own parts are called: a heading with such a word gets an id that they do not have.
local TAKEN = {
  innehall = true, perioder = true, versionsbesked = true, visa = true, version = true, grannar = true,
  permanent = true, farskhet = true, ['uppgifter-till'] = true, ['min-enhet'] = true,
}

local function own_id(id)
  if TAKEN[id] or id:match '^tabell%-' or id:match '^diagram%-' then return 'avsnitt-' .. id end
  return id
end

function Header(header)
  header.identifier = own_id(header.identifier)
  return header
end

-- A PDF lies alone: links between pages become plain text in it, others stay.
function Link(link)
  if typst and not link.target:match '^%a[%w+.-]*:' then return link.content end
  -- (Not to the page's own parts: tables and charts are linked to by the ids that they have.)
  local id = link.target:match '^#(.+)$'
  if id and TAKEN[id] then
    link.target = '#' .. own_id(id)
    return link
  end
end

-- Alignment as a class, widths left to the browser: no inline styles.
local function align_cells(rows, aligns)
  for _, row in ipairs(rows) do
    for number, cell in ipairs(row.cells) do
      if aligns[number] ~= 'AlignRight' then cell.attr.classes:insert 'text' end
      cell.alignment = 'AlignDefault'
    end
  end
end

function Table(tbl)
  if not html then return nil end
  local aligns = {}
  for number, spec in ipairs(tbl.colspecs) do
    aligns[number] = spec[1]
    tbl.colspecs[number] = { 'AlignDefault', nil }
  end
  align_cells(tbl.head.rows, aligns)
  for _, body in ipairs(tbl.bodies) do align_cells(body.body, aligns) end
  return pandoc.Div({ tbl }, pandoc.Attr('', { 'scroll' }))
end

-- Each format takes its own raw parts only; Quarto would make tables of the others.
function RawBlock(raw)
  if raw.format ~= (html and 'html' or 'typst') then return {} end
end

function Span(span) span.attributes.style = nil return span end

function CodeBlock(code) code.attributes.style = nil return code end

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
    -- (A callout or columns end with a bracket of their own, which cannot be taken apart.)
    local last = not after and block.t == 'RawBlock' and block.text:match '^#'
    if leads or last then sticky(block) else kept:insert(block) end
  end
  return kept
end

-- The page's title is its only heading of the first level.
function Pandoc(doc)
  local highest = 6
  doc:walk { Header = function(header) highest = math.min(highest, header.level) end }
  if highest == 1 then
    doc = doc:walk { Header = function(header) header.level = math.min(header.level + 1, 6) return header end }
  end
  if typst then
    -- Parts that are the page's only are gone from a PDF by now, and must not come between.
    doc.blocks = keep_together(doc.blocks)
  end
  return doc
end
