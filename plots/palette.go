package plots

import (
	"image/color"
	"math"
)

// The categorical palette of the UK Government Analysis Function, in its order of use. It is safe
// for the common kinds of colour blindness, and each colour stands 3:1 or better against white.
var (
	darkBlue   = rgb(0x12436D)
	turquoise  = rgb(0x28A197)
	darkPink   = rgb(0x801650)
	orange     = rgb(0xF46A25)
	darkGrey   = rgb(0x3D3D3D)
	lightPlum  = rgb(0xA285D1)
	categories = []color.NRGBA{darkBlue, orange, turquoise, darkPink, lightPlum, darkGrey} // the last is no colour
)

// category is the colour of the i-th of six categories at most: what the theme has no colour for is grey.
func (t Theme) category(i int) color.NRGBA {
	if most := t.colours(); i >= most {
		return []color.NRGBA{darkGrey, further}[min(i-most, 1)]
	}
	return categories[i]
}

// Colours of everything that is not data.
var (
	white   = rgb(0xFFFFFF)
	ink     = rgb(0x1A1A1A) // headline and labels
	quiet   = rgb(0x595959) // subtitle, ticks, source
	further = rgb(0x8C8C8C) // series beyond the fourth
	rule    = rgb(0xDADADA) // grid
	land    = rgb(0xEFEFEF) // land on which nothing is shown
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// fade returns c at the given opacity in [0, 1].
func fade(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(math.Round(255 * opacity))
	return c
}

// mix returns the colour on the straight line from a (share 0) to b (share 1), opaque.
func mix(a, b color.NRGBA, share float64) color.NRGBA {
	share = math.Max(0, math.Min(1, share))
	part := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + share*(float64(y)-float64(x)))) }
	return color.NRGBA{R: part(a.R, b.R), G: part(a.G, b.G), B: part(a.B, b.B), A: 255}
}

// over returns the colour seen when c lies on the opaque colour below.
func over(c, below color.NRGBA) color.NRGBA {
	c2 := c
	c2.A = 255
	return mix(below, c2, float64(c.A)/255)
}

// luminance is the relative luminance of WCAG 2, in [0, 1].
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

// contrast is the contrast ratio of WCAG 2 between two opaque colours, in [1, 21].
func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// legible darkens c until text in it stands 4.5:1 against white.
func legible(c color.NRGBA) color.NRGBA {
	for share := 0.0; share < 1; share += 0.04 {
		if m := mix(c, rgb(0), share); contrast(m, white) >= 4.5 {
			return m
		}
	}
	return rgb(0)
}

// textOn returns black or white ink, whichever stands out more from c.
func textOn(c color.NRGBA) color.NRGBA {
	if contrast(white, c) > contrast(ink, c) {
		return white
	}
	return ink
}

// hueAngle is the hue of a colour as an angle of the colour wheel, in degrees; ok is false for what reads as
// grey, black or white.
func hueAngle(c color.NRGBA) (hue float64, ok bool) {
	r, g, b := float64(c.R), float64(c.G), float64(c.B)
	most, least := max(r, g, b), min(r, g, b)
	const grey = 20 // of 255
	spread := most - least
	switch {
	case spread < grey:
		return 0, false
	case most == r:
		return math.Mod(360+60*(g-b)/spread, 360), true
	case most == g:
		return 120 + 60*(b-r)/spread, true
	}
	return 240 + 60*(r-g)/spread, true
}

// ramp is a perceptually even colour scale, sampled at equal steps from low to high.
type ramp []color.NRGBA

// The scales: shades of one blue, which print and photocopies keep in order, for what goes from little to
// much; from orange over nothing to blue for what goes from worse to better.
var (
	blues  = ramp{rgb(0x0B2A45), darkBlue, rgb(0x2C6FA8), rgb(0x6BA3D0), rgb(0xA9CBE6), rgb(0xDDEAF5)}
	either = ramp{rgb(0xC2480D), rgb(0xF08A55), rgb(0xF3F3F3), rgb(0x6BA3D0), rgb(0x1C5288)}
	greys  = ramp{rgb(0x2B2B2B), rgb(0xE3E3E3)}
)

// at returns the colour at t; values outside [0, 1] take the colour of the nearest end, never white.
func (r ramp) at(t float64) color.NRGBA {
	t = math.Max(0, math.Min(1, t)) * float64(len(r)-1)
	i := min(int(t), len(r)-2)
	return mix(r[i], r[i+1], t-float64(i))
}
