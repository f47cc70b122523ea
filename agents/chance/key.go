package chance

// golden is 2⁶⁴ divided by the golden ratio, odd: the step of SplitMix64.
const golden = 0x9e3779b97f4a7c15

// mix is the finaliser of SplitMix64: a bijection of 64-bit words in which each
// bit of the input flips each bit of the output with probability near 1/2.
//
// Source: Steele, Lea and Flood, OOPSLA 2014; constants: Stafford's variant 13.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Key makes one identity out of several numbers, in order: Key(1, 2) differs from
// Key(2, 1). The same parts give the same key in every scenario, run and version.
// With n keys in use, two are equal by accident with a probability of about
// n²/2⁶⁵: 10⁻⁴ for the population of England.
func Key(parts ...uint64) uint64 {
	var h uint64
	for _, part := range parts {
		h = mix(h + part + golden)
	}
	return h
}

// Key2 is Key(a, b), without the slice.
func Key2(a, b uint64) uint64 {
	return mix(mix(a+golden) + b + golden)
}

// KeyString makes an identity out of a code such as "E54000037", from its bytes
// and its length. It starts elsewhere than Key, so the two do not meet.
func KeyString(code string) uint64 {
	h := mix(uint64(len(code)) + spectral)
	for len(code) > 8 {
		h = mix(h + word(code[:8]) + golden)
		code = code[8:]
	}
	return mix(h + word(code) + golden)
}

// word reads up to 8 bytes, the first one lowest.
func word(s string) uint64 {
	var w uint64
	for i := 0; i < len(s); i++ {
		w |= uint64(s[i]) << (8 * i)
	}
	return w
}
