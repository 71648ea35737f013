-- What only the Pandoc of Quarto needs, after our filter.

-- Before 3.9 its Typst writer wrote two hyphens as they are, and Typst makes a dash of them: the
-- address of a page whose period has them would be another one on paper.
function Str(element)
  local text = element.text
  if FORMAT ~= 'typst' or not text:find('--', 1, true) then return nil end
  local parts, at = pandoc.Inlines {}, 1
  for from, hyphens, to in text:gmatch '()(%-%-+)()' do
    parts:insert(pandoc.Str(text:sub(at, from)))
    parts:insert(pandoc.RawInline('typst', ('\\-'):rep(#hyphens - 1)))
    at = to
  end
  if at <= #text then parts:insert(pandoc.Str(text:sub(at))) end
  return parts
end
