package privacy

import "strings"

// identityWeights are those of GB 11643 (MOD 11-2).
var identityWeights = [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// identityChecksum checks the last character of a resident identity number.
func identityChecksum(digits string) bool {
	if len(digits) != 18 {
		return false
	}
	sum := 0
	for i, w := range identityWeights {
		sum += w * int(digits[i]-'0')
	}
	return "10X98765432"[sum%11] == digits[17]
}

// identityForm reports whether digits, of 15 or 18, begin with a province and
// hold a birthday.
func identityForm(digits string) bool {
	if !province(digits[:2]) {
		return false
	}
	if len(digits) == 15 {
		return monthAndDay(digits[8:12])
	}
	year := digits[6:10]
	return year >= "1900" && year <= "2099" && monthAndDay(digits[10:14])
}

// province reports whether a code of two digits is a province's, by GB/T
// 2260, with those of residents from Hongkong, Macao and Taiwan.
func province(code string) bool {
	return strings.Contains(" 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 ", " "+code+" ")
}

func monthAndDay(digits string) bool {
	month := int(digits[0]-'0')*10 + int(digits[1]-'0')
	day := int(digits[2]-'0')*10 + int(digits[3]-'0')
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= [...]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
}

// isDate reports whether digits are a day or a moment as computers write it.
func isDate(digits string) bool {
	switch len(digits) {
	case 8, 10, 12, 14, 17:
		return digits[:4] >= "1950" && digits[:4] <= "2099" && monthAndDay(digits[4:8])
	}
	return false
}

// luhn checks a card number by ISO/IEC 7812.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// issued reports whether a card's first digits and length are those of cards
// issued in China: UnionPay, the international schemes, older local ranges.
func issued(digits string) bool {
	n := len(digits)
	switch {
	case strings.HasPrefix(digits, "62"), strings.HasPrefix(digits, "60"), strings.HasPrefix(digits, "68"), strings.HasPrefix(digits, "69"):
		return n >= 15 && n <= 19
	case digits[0] == '4':
		return n >= 16 && n <= 19
	case digits[0] == '5':
		return digits[1] <= '8' && n >= 16 && n <= 19
	case strings.HasPrefix(digits, "34"), strings.HasPrefix(digits, "37"):
		return n == 15
	case digits[0] == '3':
		return digits[1] <= '8' && n == 16
	}
	return false
}

// areaCode gives how many digits of a landline's number are its area's: 010
// and 02x have three, others four; 0 if there is none.
func areaCode(digits string) int {
	switch {
	case len(digits) < 10 || digits[0] != '0':
		return 0
	case digits[1] == '1' && digits[2] == '0', digits[1] == '2' && digits[2] != '6':
		return 3
	case digits[1] >= '3' && digits[2] != '0':
		return 4
	}
	return 0
}
