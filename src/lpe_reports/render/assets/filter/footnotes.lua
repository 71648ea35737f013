-- Footnotes: at the foot of the page with a way back, each way with a name; in a PDF real ones.

return function(page)
  local count, notes = 0, pandoc.Blocks {}
  local function raw(text) return pandoc.RawInline('html', text) end

  local function note(element)
    count = count + 1
    local back = raw((' <a href="#fotnotstecken-%d" role="doc-backlink" aria-label="Tillbaka till texten, fotnot %d">↩︎</a>')
      :format(count, count))
    local content = element.content:clone()
    local last = content[#content]
    if last and (last.t == 'Para' or last.t == 'Plain') then last.content:insert(back)
    else content:insert(pandoc.Plain { back }) end
    notes:insert(pandoc.RawBlock('html', ('<li id="fotnot-%d">'):format(count)))
    notes:extend(content)
    notes:insert(pandoc.RawBlock('html', '</li>'))
    return raw(('<sup><a href="#fotnot-%d" id="fotnotstecken-%d" role="doc-noteref" aria-label="Fotnot %d">%d</a></sup>')
      :format(count, count, count, count))
  end

  return {
    Pandoc = function(doc)
      if not page.html or not page.seen.Note then return nil end
      doc = doc:walk { Note = note }
      if count > 0 then doc.meta.footnotes = pandoc.MetaBlocks(notes) end
      return doc
    end,
  }
end
