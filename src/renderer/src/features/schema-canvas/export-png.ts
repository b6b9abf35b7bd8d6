/** Four times the size, as far as browsers draw: more pixels than this and the picture stays empty. */
const scale = 4
const mostPixels = 120_000_000
const longestEdge = 16_000

/** The picture as PNG. The page's policy lets images come from blobs of its own. */
export async function svgToPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    await new Promise((done, failed) => {
      image.onload = done
      image.onerror = () => failed(new Error('The picture could not be drawn.'))
      image.src = url
    })
    const { width, height } = image
    const fit = Math.min(scale, Math.sqrt(mostPixels / (width * height)), longestEdge / width, longestEdge / height)
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * fit)
    canvas.height = Math.round(height * fit)
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/png'))
    if (!blob) throw new Error('The picture is too large to be drawn.')
    return blob
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** Hands a file to the browser's own download. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
