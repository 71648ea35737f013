-- What an author wrote that this site cannot honour: it is left out, or loses what cannot be
-- kept, with a warning that names it and its cell. Both renderers honour the same.

-- Classes that mean something to Quarto and nothing here, as they begin or are.
local CLASSES = {
  '^column%-', '^aside$', '^panel%-sidebar$', '^panel%-input$', '^panel%-fill$', '^panel%-center$',
  '^list%-table$', '^landscape$', '^incremental$', '^nonincremental$', '^fragment$',
}
local ATTRIBUTES = {
  layout = true, ['layout-ncol'] = true, ['layout-nrow'] = true, ['layout-align'] = true,
  ['layout-valign'] = true, group = true, appearance = true, icon = true, lightbox = true,
  style = true, ['when-profile'] = true, ['unless-profile'] = true, ['when-meta'] = true,
  ['unless-meta'] = true, ['fig-align'] = true, ['fig-pos'] = true, ['fig-scap'] = true,
  ['fig-env'] = true, ['tbl-colwidths'] = true, height = true, ['code-line-numbers'] = true,
}
-- Quarto's numbered things; figures and tables have no numbers here, and their own ways.
local THEOREMS = {}
for prefix in ('thm lem cor prp cnj def exm exr sol rem alg lst eq'):gmatch '%a+' do THEOREMS[prefix] = true end
local CALLOUTS = { note = true, tip = true, warning = true, important = true, caution = true }

return function(page)
  -- What there is on the page: later passes go through it for what they need only.
  page.seen = {}
  local function seen(element) page.seen[element.t] = true end

  local cell -- of the author's prose; nil in what the page itself shows
  local written = false

  local function warn(words)
    page.warn((cell and ('cell ' .. cell .. ': ') or '') .. words)
  end

  -- `cell 4` before an author's prose, `end` after it.
  local function marked(raw)
    cell = raw.text:match '^cell (%d+)$'
    written = cell ~= nil
    return {}
  end

  local html = page.part('raw', warn)

  local function raw(element)
    if element.format == 'lpe' then return marked(element) end
    -- (Early, since drawings are most of a page, and each pass goes through all that is there.)
    if element.format == (page.html and 'typst' or 'html') then return {} end
    if not written or element.format == 'typst' then return nil end
    if element.format == 'none' then return {} end
    if element.format ~= 'html' then
      warn(('raw {=%s} is left out'):format(element.format))
      return {}
    end
    return html.kept(element)
  end

  local function drop_attributes(element, known)
    for name in pairs(ATTRIBUTES) do
      if element.attributes[name] and not (known and known[name]) then
        if written then warn(('the attribute %s is not honoured'):format(name)) end
        element.attributes[name] = nil
      end
    end
  end

  -- (They go, or Quarto would honour them.)
  local function drop_classes(element)
    element.classes = element.classes:filter(function(class)
      local kind = class:match '^callout%-(.+)$'
      if kind then
        if not CALLOUTS[kind] then warn(('a callout of the kind %s is not honoured'):format(kind)) end
        return CALLOUTS[kind] or false
      end
      for _, pattern in ipairs(CLASSES) do
        if class:match(pattern) then
          warn(('the class .%s is not honoured'):format(class))
          return false
        end
      end
      return true
    end)
  end

  -- (A heading's id comes from its words, and is claimed when those are what they stay.)
  local function named(element)
    if element.t ~= 'Header' and element.t ~= 'Image' then element.identifier = page.claim(element.identifier, warn) end
  end

  local function attributed(element)
    if written then named(element) end
    if written then drop_classes(element) end
    drop_attributes(element)
    return element
  end

  local level = 1

  local function header(element)
    -- (The page's title is of the first level, and a first level of the author's becomes the second.)
    if written and element.level > math.max(level, 1) + 1 then
      warn(('a heading of level %d follows one of level %d: no PDF can be made of it'):format(element.level, level))
    end
    level = element.level
    return attributed(element)
  end

  -- `.content-visible when-format="html"`: whether this format is meant.
  local function is_meant(div, name)
    local format = div.attributes[name]
    if not format then return nil end
    return page.html == (format:match '^html' ~= nil)
  end

  -- A block of which only the content stays. (Not that at once: it would be walked no more.)
  local function unwrapped(div)
    div.attr = pandoc.Attr('', { page.UNWRAP })
    return div
  end

  local function conditional(div)
    local hides = div.classes:includes 'content-hidden'
    if not (hides or div.classes:includes 'content-visible') then return nil end
    local when, unless = is_meant(div, 'when-format'), is_meant(div, 'unless-format')
    local meant = when ~= false and unless ~= true
    if (when ~= nil or unless ~= nil) and meant == hides then return {} end
    return unwrapped(div)
  end

  local function div(element)
    if not written then return nil end
    local content = conditional(element)
    if content then return content end
    local prefix = element.identifier:match '^(%a+)%-'
    if prefix and (THEOREMS[prefix] or prefix == 'fig' or prefix == 'tbl') then
      warn(('a numbered block (::: {#%s-…}) is not honoured: its content stands as it is'):format(prefix))
      return unwrapped(element)
    end
    return attributed(element)
  end

  -- Executable blocks, which the page's document holds as what they are no more.
  local function code(element)
    local what = element.attributes.leftout
    if not what then return attributed(element) end
    warn(('an executable block {%s} is left out'):format(what))
    return {}
  end

  local function image(element)
    seen(element)
    attributed(element)
    local width = element.attributes.width
    if width and not (width:match '^%d+%.?%d*%%$' or width:match '^%d+$' or width:match '^%d+px$') then
      warn 'a width of a picture is neither in % nor in px, and is not honoured'
      element.attributes.width = nil
    end
    if written and page.pictures and element.src:sub(1, #page.pictures) ~= page.pictures then
      warn 'a picture is left out: only ![Caption](file.svg){fig-alt="…"} with a file beside the notebook is shown'
      return element.caption
    end
    return element
  end

  local function link(element)
    if written and element.target:lower():match '^%s*(%a+):' then
      local scheme = element.target:lower():match '^%s*(%a+):'
      if not ({ http = true, https = true, mailto = true, tel = true })[scheme] then
        warn(('a link to %s: is left out'):format(scheme))
        return element.content
      end
    end
    return attributed(element)
  end

  local function without_unpaired(list, unpaired)
    for number = #list, 1, -1 do
      if unpaired[number] then
        warn(('raw HTML <%s> that is not begun and ended in one place is left out'):format(unpaired[number]))
        list:remove(number)
      end
    end
    return list
  end

  -- (The whole page's list is seen before any of its cells begins.)
  local function blocks(list)
    local within, cell_before = written, cell
    local function is_written(block)
      if block.t ~= 'RawBlock' then return false end
      if block.format == 'lpe' then within = block.text:match '^cell' ~= nil end
      return within
    end
    local unpaired = html.unpaired(list, is_written)
    for number, block in ipairs(list) do
      if block.t == 'RawBlock' and block.format == 'lpe' then cell = block.text:match '^cell (%d+)$' end
      if unpaired[number] then
        warn(('raw HTML <%s> that is not begun and ended in one place is left out'):format(unpaired[number]))
        list[number] = pandoc.RawBlock('none', '')
      end
    end
    cell = cell_before
    -- (A list that is as it was is not written back, drawings and all.)
    if next(unpaired) then return list end
  end

  -- `$$…$$ {#eq-x}`: formulas have no numbers.
  local function inlines(list)
    if not written then return nil end
    local before = #list
    list = without_unpaired(list, html.unpaired(list, function(inline) return inline.t == 'RawInline' end, true))
    if list[1] and list[1].t == 'Str' and list[1].text:match '^:::+' then
      warn 'a line of ::: that begins or ends nothing'
      list:remove(1)
    end
    for number = #list, 2, -1 do
      local element = list[number]
      local before = list[number - 1].t == 'Space' and list[number - 2] or list[number - 1]
      if element.t == 'Str' and element.text:match '^{#eq%-[^}]*}$' and before and before.t == 'Math' then
        warn 'the label of a formula ({#eq-…}) is not honoured'
        list:remove(number)
      end
    end
    if #list < before then return list end
  end

  -- References find their words later, when the cells are no more.
  page.cells = {}
  local function cite(element)
    page.seen.Cite = true
    for _, citation in ipairs(element.citations) do
      page.cells[citation.id] = page.cells[citation.id] or cell
    end
  end

  return {
    traverse = 'topdown',
    Figure = seen, Table = seen, Note = seen,
    Pandoc = function(doc)
      local lpe = doc.meta.lpe
      page.pictures = lpe and lpe.pictures and pandoc.utils.stringify(lpe.pictures)
    end,
    RawBlock = raw, RawInline = raw, CodeBlock = code, Div = div, Span = attributed, Image = image,
    Link = link, Header = header, Code = attributed, Cite = cite, Inlines = inlines, Blocks = blocks,
  }
end
