-- @fig-x, @tbl-x and @sec-x: the house has no numbers, so a reference says what it leads to.
-- The page's own charts and tables are known by the ids that their calls give them, too.

local KINDS = { fig = 'figuren', tbl = 'tabellen', sec = 'avsnittet', diagram = 'diagrammet', tabell = 'tabellen' }
local WORDS = { eq = 'formeln', lst = 'koden' }

return function(page)
  local targets = {}

  local function plain(inlines)
    return pandoc.Inlines(inlines):walk { Note = function() return {} end, Link = function(link) return link.content end }
  end

  local function add(id, href, words)
    if id ~= '' and not targets[id] then targets[id] = { href = href, words = words } end
  end

  local function caption(element)
    local first = element.caption.long[1]
    return plain(first and first.content or {})
  end

  -- (Before figures and tables get other ids than Quarto would number.)
  local function collect(doc)
    doc:walk {
      Header = function(header) add(header.identifier, page.own_id(header.identifier), plain(header.content)) end,
      Figure = function(figure) add(figure.identifier, page.own_id(figure.identifier), caption(figure)) end,
      Table = function(tbl)
        local words, id = page.table_caption(tbl)
        add(id, page.own_id(id), plain(words))
      end,
    }
    for _, target in ipairs((doc.meta.lpe or {}).targets or {}) do
      local words = pandoc.utils.stringify(target.text)
      add(pandoc.utils.stringify(target.id), pandoc.utils.stringify(target.href), pandoc.Inlines { pandoc.Str(words) })
    end
  end

  local function led_to(id)
    local kind = id:match '^(%a+)%-'
    if not (KINDS[kind] or WORDS[kind]) then return nil end
    local target = targets[id]
    if not target then
      local cell = page.cells[id]
      page.warn(('%sa reference @%s leads to nothing on the page'):format(cell and ('cell ' .. cell .. ': ') or '', id))
      return { pandoc.Str(KINDS[kind] or WORDS[kind]) }
    end
    if page.html then return { pandoc.Link(target.words:clone(), '#' .. target.href) } end
    local said = pandoc.Inlines { pandoc.Str '”' }
    said:extend(target.words:clone())
    said:insert(pandoc.Str '”')
    return said
  end

  local function cite(element)
    local said = pandoc.Inlines {}
    for number, citation in ipairs(element.citations) do
      -- (`@Fig-x` begins a sentence in Quarto.)
      local words = led_to(citation.id) or led_to((citation.id:gsub('^%u', string.lower)))
      -- Who only mentions somebody means no reference.
      if not words then return element.content end
      if number > 1 then said:extend { pandoc.Str ',', pandoc.Space() } end
      if #citation.prefix > 0 then
        said:extend(citation.prefix)
        said:insert(pandoc.Space())
      end
      said:extend(words)
      said:extend(citation.suffix)
    end
    return said
  end

  return {
    Pandoc = function(doc)
      if not page.seen.Cite then return nil end
      collect(doc)
      return doc:walk { Cite = cite }
    end,
  }
end
