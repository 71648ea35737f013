-- Pages of the manual are written to be read where the code is, too: links between them lead to the
-- pages made of them, and what lies outside the manual is named, since no page of it is there.

local stringify = pandoc.utils.stringify
local titles = {} -- what menus call each page, by its file

local function link(element)
  local target = element.target
  if target:match '^%a[%w+.-]*:' or target:sub(1, 1) == '#' then return nil end
  if target:match '^%.%./' then
    local place = target:gsub('^[./]+', ''):gsub('#.*$', '')
    if stringify(element.content):find(place, 1, true) then return element.content end
    local said = element.content:clone()
    said:extend { pandoc.Space(), pandoc.Str '(', pandoc.Code(place), pandoc.Str ')' }
    return said
  end
  -- (Where the file's name is what is said, the reader of a manual is told the page's.)
  local title = titles[stringify(element.content)]
  if title then element.content = title end
  element.target = target:gsub('%.md$', '.html'):gsub('%.md#', '.html#')
  return element
end

-- What a program finds its places in a page by.
local function raw(element)
  if element.format == 'html' and element.text:match '^<!%-%-.*%-%->%s*$' then return {} end
end

-- A picture of a whole window is small beside the menu, and smaller on a phone: it leads to itself.
local function image(element)
  return pandoc.Link({ element }, element.src)
end

local function collect(meta)
  for _, page in ipairs((meta.lpe or {}).pages or {}) do titles[stringify(page.file)] = page.title end
end

return { { Meta = collect }, { Image = image }, { Link = link, RawBlock = raw } }
