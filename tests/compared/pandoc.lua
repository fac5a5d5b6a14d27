-- Take what pandoc has no words for in its Markdown: a landscape page, the alternative text of a picture for typst.
-- Word: each section repeats the header and footer of the reference document; `portrait` and `landscape` are metadata.

local sections = {}

local function close(kind)
  local properties = '<w:p><w:pPr>' .. pandoc.utils.stringify(sections[kind]) .. '</w:pPr></w:p>'
  return pandoc.RawBlock('openxml', properties)
end

local function turn(div)
  if not div.classes:includes('landscape') then
    return nil
  elseif FORMAT:match('docx') then
    return pandoc.List { close('portrait') } .. div.content .. pandoc.List { close('landscape') }
  elseif FORMAT:match('typst') then
    local before = pandoc.RawBlock('typst', '#set page(flipped: true)')
    return pandoc.List { before } .. div.content .. pandoc.List { pandoc.RawBlock('typst', '#set page(flipped: false)') }
  end
end

local function describe(image)
  if FORMAT:match('typst') then
    local alt = pandoc.utils.stringify(image.caption)
    return pandoc.RawInline('typst', ('#image(%q, width: 100%%, alt: %q)'):format(image.src, alt))
  end
end

return {
  { Meta = function(meta) sections = { portrait = meta.portrait, landscape = meta.landscape } end },
  { Div = turn, Image = describe },
}
