-- Figures and tables with their captions: no numbers, captions above, alt texts in both formats.

return function(page)
  local function raw(text) return pandoc.RawBlock(page.html and 'html' or 'typst', text) end
  local function inline(text) return pandoc.RawInline(page.html and 'html' or 'typst', text) end

  local function id_attribute(id)
    local own = page.claim(id)
    return own ~= '' and (' id="%s"'):format(own) or ''
  end

  -- A caption's words and its id, which some versions of Pandoc leave in the text: `{#tbl-x}`.
  function page.table_caption(tbl)
    local first = tbl.caption.long[1]
    local words = first and first.content:clone() or pandoc.Inlines {}
    local id = tbl.identifier
    local last = words[#words]
    local given = last and last.t == 'Str' and last.text:match '^{#([%w-]+)[^}]*}$'
    if given then
      id = given
      words:remove(#words)
      if words[#words] and words[#words].t == 'Space' then words:remove(#words) end
    end
    return words, id
  end

  -- Percents in steps of five, as classes: the site allows no inline styles.
  function page.width_class(width)
    local percent = tonumber((width or ''):match '^(%d+%.?%d*)%%$')
    return percent and ('w%d'):format(math.max(5, math.min(100, math.floor(percent / 5 + 0.5) * 5)))
  end

  local function alt_of(image)
    return image.attributes['fig-alt'] or image.attributes.alt or pandoc.utils.stringify(image.caption)
  end

  local function html_image(image)
    local width = image.attributes.width
    local kept = pandoc.Image(alt_of(image), image.src, '', pandoc.Attr('', image.classes))
    local class = page.width_class(width)
    if class then kept.classes:insert(class)
    elseif width then kept.attributes.width = width:match '%d+' end
    return kept
  end

  local function typst_image(image)
    local width = image.attributes.width
    local size = ''
    if page.width_class(width) then size = ', width: ' .. width
    elseif width then size = (', width: %.1fpt'):format(tonumber(width:match '%d+') * 0.75) end
    return ('image(%s, alt: %s%s)'):format(page.quoted(image.src), page.quoted(alt_of(image)), size)
  end

  local function the_image(figure)
    local found
    figure:walk { Image = function(image) found = found or image end }
    return found
  end

  local function with_caption(opening, caption, closing)
    local content = pandoc.Inlines { inline(opening) }
    content:extend(caption)
    content:insert(inline(closing))
    return pandoc.Plain(content)
  end

  local function figure(element)
    local image = the_image(element)
    local first = element.caption.long[1]
    local caption = first and first.content or pandoc.Inlines {}
    -- (Its picture is left out.)
    if not image then return pandoc.Para(caption) end
    if page.html then
      return {
        raw(('<figure%s>'):format(id_attribute(element.identifier))),
        with_caption('<figcaption>', caption, '</figcaption>'),
        pandoc.Plain { html_image(image) },
        raw '</figure>',
      }
    end
    return { with_caption(
      '#figure(kind: image, supplement: none, numbering: none, outlined: false, '
        .. 'caption: figure.caption(position: top, [',
      caption, (']), %s)'):format(typst_image(image))) }
  end

  local function image(element)
    if page.html then return html_image(element) end
    return pandoc.RawInline('typst', ('#box(%s)'):format(typst_image(element)))
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

  -- The first column names the rows, unless it holds numbers.
  local function name_rows(tbl, aligns)
    if #aligns < 2 or aligns[1] == 'AlignRight' then return end
    for _, body in ipairs(tbl.bodies) do
      body.row_head_columns = 1
      for _, row in ipairs(body.body) do
        if row.cells[1] then row.cells[1].attr.attributes.scope = 'row' end
      end
    end
  end

  local function table_html(tbl, id)
    local aligns = {}
    for number, spec in ipairs(tbl.colspecs) do
      aligns[number] = spec[1]
      tbl.colspecs[number] = { 'AlignDefault', nil }
    end
    for _, row in ipairs(tbl.head.rows) do
      for _, cell in ipairs(row.cells) do cell.attr.attributes.scope = 'col' end
    end
    align_cells(tbl.head.rows, aligns)
    for _, body in ipairs(tbl.bodies) do align_cells(body.body, aligns) end
    name_rows(tbl, aligns)
    -- (Raw, so that Quarto finds no id that it would number, and adds no classes.)
    local written = pandoc.write(pandoc.Pandoc { tbl }, 'html5', { wrap_text = 'none' })
    written = written:gsub('<tr class="[^"]*">', '<tr>')
    return raw(('<div class="scroll"%s>\n%s\n</div>'):format(id_attribute(id), written))
  end

  -- The writer's table without what the writer puts around it, with the house's lines.
  local function bare_table(tbl)
    tbl.caption.long = {}
    local written = pandoc.write(pandoc.Pandoc { tbl }, 'typst', { wrap_text = 'none' })
    local bare, count = written:gsub('^#figure%(%s*align%(center%)%[#table%(', 'table(stroke: (bottom: 0.5pt + line-colour),')
    bare = bare:gsub('%s*%]%s*, kind: table%s*%)%s*$', ''):gsub('%s*table%.hline%(%),', '')
    assert(count == 1, 'the Typst writer writes tables in another way')
    return bare
  end

  local function table_typst(tbl, caption)
    for number, spec in ipairs(tbl.colspecs) do
      if spec[1] == 'AlignDefault' then tbl.colspecs[number] = { 'AlignLeft', spec[2] } end
    end
    local bare = bare_table(tbl)
    local opening = '#[#show table.cell.where(y: 0): set text(weight: 600)\n'
    if #caption == 0 then return raw(opening .. '#' .. bare .. ']') end
    return with_caption(
      opening .. '#figure(kind: table, supplement: none, numbering: none, outlined: false, '
        .. 'caption: figure.caption(position: top, block(sticky: true)[',
      caption, ']), ' .. bare .. ')]')
  end

  local function table_(tbl)
    local caption, id = page.table_caption(tbl)
    tbl.identifier = ''
    tbl.caption.long = #caption > 0 and { pandoc.Plain(caption) } or {}
    if page.html then return table_html(tbl, id) end
    return table_typst(tbl, caption)
  end

  -- A figure before its picture is taken for one in a line, a table when its cells are done.
  return {
    figures = {
      Pandoc = function(doc)
        if page.seen.Figure or page.seen.Image then return doc:walk({ Figure = figure }):walk { Image = image } end
      end,
    },
    tables = { Pandoc = function(doc) if page.seen.Table then return doc:walk { Table = table_ } end end },
  }
end
