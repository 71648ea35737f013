-- Raw HTML of an author's: the few tags that Markdown has no signs for, each begun and ended, and no
-- attribute that the site's security policy stops.

local TAGS, ALONE = {}, { br = true, wbr = true }
for tag in ([[abbr b bdi br cite code del details dfn div em i ins kbd mark q s samp small span
  strong sub summary sup time u var wbr]]):gmatch '%a+' do TAGS[tag] = true end

local BLOCKS = { details = true, summary = true, div = true }

return function(page, warn)
  local function unknown_tag(text)
    for tag in text:lower():gmatch '<%s*/?%s*(%a[%w-]*)' do
      if not TAGS[tag] then return tag end
    end
    if text:match '^%s*<[!?]' then return '!' end
  end

  local function harmless(text)
    local stopped
    local kept = text:gsub('(%s)([%a-]+)(%s*=%s*)("[^"]*")', function(space, name, equals, value)
      local lower = name:lower()
      if lower == 'style' or lower:match '^on' then
        stopped = lower
        return ''
      end
      if lower == 'id' then
        local own = page.claim(value:sub(2, -2), warn)
        return own ~= '' and (' id="%s"'):format(own) or ''
      end
      return space .. name .. equals .. value
    end)
    return kept, stopped
  end

  -- Whether each tag of a piece is written as HTML wants it, no attribute twice.
  local function is_sound(text)
    for closing, rest in text:gmatch '<(/?)%a[%w-]*([^<>]*)>' do
      local seen, found = {}, nil
      rest = rest:gsub('%s*/?%s*$', '')
      while rest ~= '' do
        found = rest:match '^%s+[%w-]+%s*=%s*"[^"]*"' or rest:match "^%s+[%w-]+%s*=%s*'[^']*'"
          or rest:match '^%s+[%w-]+%s*=%s*[^%s"\'=`]+' or rest:match '^%s+[%w-]+'
        local name = found and found:lower():match '^%s+([%w-]+)'
        if not found or seen[name] or closing == '/' then return false end
        seen[name] = true
        rest = rest:sub(#found + 1)
      end
    end
    return select(2, text:gsub('<', '')) == select(2, text:gsub('<[^<>]*>', ''))
  end

  local raw = {}

  -- One piece of raw HTML as the page may have it; nothing where it is left out.
  function raw.kept(element)
    if element.text:match '^%s*<!%-%-' then return {} end
    local tag = unknown_tag(element.text)
    if tag then
      warn(('raw HTML <%s> is left out'):format(tag))
      return {}
    end
    if not is_sound(element.text) then
      warn 'raw HTML that is not well written is left out'
      return {}
    end
    local kept, stopped = harmless(element.text)
    if stopped then warn(('the attribute %s of raw HTML is left out'):format(stopped)) end
    if kept:lower():match '%son%a+%s*=' or kept:lower():match '%sstyle%s*=' then
      warn 'raw HTML with a script or style in it is left out'
      return {}
    end
    -- (So that what is folded is whole on paper.)
    element.text = kept:gsub('^<details', '<details class="fold"')
    return element
  end

  -- The tag that a piece begins or ends, where that is all it does.
  local function single(element)
    local closing, tag = element.text:lower():match '^%s*<(/?)(%a[%w-]*)[^<>]*>%s*$'
    if tag and TAGS[tag] and not ALONE[tag] then return tag, closing == '/' end
  end

  -- `details` begin with their `summary`, which stands nowhere else.
  local function drop_half_folded(pairs_, alone)
    local begun = {}
    for _, pair in ipairs(pairs_) do begun[pair.from] = pair end
    for _, pair in ipairs(pairs_) do
      local other = pair.tag == 'details' and begun[pair.from + 1] or pair.tag == 'summary' and begun[pair.from - 1]
      local wanted = ({ details = 'summary', summary = 'details' })[pair.tag]
      if wanted and not (other and other.tag == wanted) then
        alone[pair.from], alone[pair.to] = pair.tag, pair.tag
      end
    end
  end

  -- Which of a list's pieces begin what nothing ends, end what nothing began, or stand in a line
  -- where they are none of a line's.
  function raw.unpaired(list, is_written, in_line)
    local open, found, alone = {}, {}, {}
    for number, element in ipairs(list) do
      local tag, closes
      if is_written(element) and element.format == 'html' then tag, closes = single(element) end
      local last = open[#open]
      if tag and in_line and BLOCKS[tag] then alone[number] = tag
      elseif tag and not closes then table.insert(open, { from = number, tag = tag })
      elseif tag and last and last.tag == tag then
        last.to = number
        table.insert(found, table.remove(open))
      elseif tag then alone[number] = tag end
    end
    for _, one in ipairs(open) do alone[one.from] = one.tag end
    drop_half_folded(found, alone)
    return alone
  end

  return raw
end
