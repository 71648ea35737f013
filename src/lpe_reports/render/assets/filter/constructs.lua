-- The constructs that authors write beyond plain Markdown: callouts, tabsets, columns, shown code,
-- task lists, formulas, quotation marks.
-- (No class here begins with "callout-": Quarto would take it for a callout once more.)

local CALLOUTS = {
  note = 'Observera', tip = 'Tips', warning = 'Varning', important = 'Viktigt', caution = 'Var försiktig',
}
local TASKS = { ['☐'] = 'Kvar:', ['☒'] = 'Klart:' }

return function(page)
  local function raw(text) return pandoc.RawBlock(page.html and 'html' or 'typst', text) end
  local function inline(text) return pandoc.RawInline(page.html and 'html' or 'typst', text) end

  local function callout_kind(div)
    for _, class in ipairs(div.classes) do
      local kind = class:match '^callout%-(%a+)$'
      if kind and CALLOUTS[kind] then return kind end
    end
  end

  -- A callout's title is its `title` attribute, or a heading at its beginning, or its kind. What
  -- kind it is stands in words before a title of its own: a colour alone would not say it.
  local function callout_parts(div, kind)
    local content = div.content:clone()
    local title
    if div.attributes.title then
      title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, 'markdown').blocks)
    elseif content[1] and content[1].t == 'Header' then
      title = content:remove(1).content
    end
    if not title then return pandoc.Inlines { pandoc.Str(CALLOUTS[kind]) }, content end
    if kind ~= 'note' then
      title:insert(1, pandoc.Space())
      title:insert(1, pandoc.Str(CALLOUTS[kind] .. ':'))
    end
    return title, content
  end

  -- (`note` is what the stylesheet calls words under a table.)
  local function classes(kind) return kind == 'note' and { 'notice' } or { 'notice', kind } end

  -- A short box is not parted by the end of a sheet.
  local function is_short(content)
    local letters, parts = 0, 0
    content:walk {
      Str = function(str) letters = letters + #str.text end,
      RawBlock = function() parts = parts + 1 end,
      Table = function() parts = parts + 1 end,
    }
    return parts == 0 and letters < 900 and #content <= 6
  end

  local function folded(content, kind, title, open)
    local summary = pandoc.Inlines { inline '<summary class="notice-title">' }
    summary:extend(title)
    summary:insert(inline '</summary>')
    return {
      raw(('<details class="%s"%s>'):format(table.concat(classes(kind), ' '), open and ' open' or '')),
      pandoc.Plain(summary), pandoc.Div(content), raw '</details>',
    }
  end

  local function callout(div, kind)
    local title, content = callout_parts(div, kind)
    if page.html then
      local collapse = div.attributes.collapse
      if collapse then return folded(content, kind, title, collapse == 'false') end
      content:insert(1, pandoc.Div({ pandoc.Para(title) }, pandoc.Attr('', { 'notice-title' })))
      return pandoc.Div(content, pandoc.Attr(div.identifier, classes(kind), { role = 'note' }))
    end
    local whole = ('#block(breakable: %s, width: 100%%)[#notice('):format(not is_short(content))
    local opening = pandoc.Inlines { inline(whole .. page.quoted(kind) .. ', title: [') }
    opening:extend(title)
    opening:insert(inline '])[')
    content:insert(1, pandoc.Plain(opening))
    content:insert(raw ']]')
    return content
  end

  -- Without a script a tabset is its parts one after the other, under their headings; the site's
  -- script makes tabs of them.
  local function tabset(div)
    if page.typst then return div.content end
    local parts, level = pandoc.Blocks {}, nil
    local part
    for _, block in ipairs(div.content) do
      if block.t == 'Header' and (level == nil or block.level <= level) then
        level = level or block.level
        part = pandoc.Div({}, pandoc.Attr('', { 'tab' }))
        parts:insert(part)
      end
      if part then part.content:insert(block) else parts:insert(block) end
    end
    return pandoc.Div(parts, pandoc.Attr('', { 'tabs' }))
  end

  local function percent(cell) return tonumber((cell.attributes.width or ''):match '^(%d+%.?%d*)%%$') end

  -- The part of each column in percent: those without a width share what the others leave.
  local function widths(cells)
    local left, without, given = 100, 0, {}
    for number, cell in ipairs(cells) do
      given[number] = percent(cell)
      if given[number] then left = left - given[number] else without = without + 1 end
    end
    if without == #cells then return nil end
    for number = 1, #cells do given[number] = given[number] or math.max(5, left / without) end
    return given
  end

  local function columns(div)
    local cells = div.content:filter(function(block) return block.t == 'Div' and block.classes:includes 'column' end)
    if #cells == 0 then return div.content end
    local given = widths(cells)
    if page.html then
      for number, cell in ipairs(cells) do
        local class = given and page.width_class(('%.1f%%'):format(given[number]))
        cell.attr = pandoc.Attr('', { 'column', class })
      end
      div.attr = pandoc.Attr('', given and { 'columns', 'parts' } or { 'columns' })
      div.content = cells
      return div
    end
    local tracks = {}
    for number = 1, #cells do tracks[number] = given and ('%.1ffr'):format(given[number]) or '1fr' end
    local blocks = pandoc.Blocks { raw(('#grid(columns: (%s,), gutter: 14pt,'):format(table.concat(tracks, ', '))) }
    for _, cell in ipairs(cells) do
      blocks:insert(raw '[')
      blocks:extend(cell.content)
      blocks:insert(raw '],')
    end
    blocks:insert(raw ')')
    return blocks
  end

  local function div(element)
    if element.classes:includes(page.UNWRAP) then return element.content end
    local kind = callout_kind(element)
    if kind then return callout(element, kind) end
    if element.classes:includes 'columns' then return columns(element) end
    if element.classes:includes 'panel-tabset' then return tabset(element) end
  end

  local function code(element)
    local fold = element.attributes.fold
    element.attributes = {}
    if page.typst then return { raw '#block(fill: panel, inset: 6pt, radius: 2pt, width: 100%)[', element, raw ']' } end
    if not fold then return element end
    return { raw '<details class="fold">', pandoc.Plain { inline '<summary>', pandoc.Str(fold), inline '</summary>' },
      element, raw '</details>' }
  end

  -- In words for those who do not see the box; a box that can be ticked would promise to be kept.
  local function tasks(list)
    local found = false
    for _, item in ipairs(list.content) do
      local content = item[1] and item[1].content
      local box = content and content[1] and content[1].t == 'Str' and content[1].text
      if box and TASKS[box] then found = true end
      if box and TASKS[box] and page.html then
        content[1] = inline(('<span aria-hidden="true">%s</span><span class="words">%s</span>'):format(box, TASKS[box]))
        item[1].content = content
      end
    end
    if not found then return nil end
    if page.html then return pandoc.Div({ list }, pandoc.Attr('', { 'tasks' })) end
    return { raw '#[#set list(marker: [])', list, raw ']' }
  end

  -- MathML, which a browser shows and reads aloud by itself; in a PDF a formula must have words.
  local function math_(element)
    local one = pandoc.Pandoc { pandoc.Plain { element } }
    if page.typst then
      local written = pandoc.write(one, 'typst'):gsub('%s+$', '')
      return inline(('#[#set math.equation(alt: %s)\n%s]'):format(page.quoted(element.text), written))
    end
    local written = pandoc.write(one, { format = 'html5' }, { html_math_method = 'mathml', wrap_text = 'none' })
    written = written:gsub('<annotation.-</annotation>', ''):gsub('</?semantics>', ''):gsub('%s+$', '')
    written = written:gsub(' style="[^"]*"', ''):gsub(' columnalign="[^"]*"', ''):gsub(' xmlns="[^"]*"', '')
    return inline(written)
  end

  local function quoted(element)
    local mark = element.quotetype == 'DoubleQuote' and '”' or '’'
    local content = element.content:clone()
    content:insert(1, pandoc.Str(mark))
    content:insert(pandoc.Str(mark))
    return content
  end

  local function quotation(element)
    if page.typst then return { raw '#block(stroke: (left: 2pt + line-colour), inset: (y: 2pt))[', element, raw ']' } end
  end

  return { Div = div, BlockQuote = quotation, CodeBlock = code, BulletList = tasks, Math = math_, Quoted = quoted }
end
