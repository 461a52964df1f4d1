/** The upper halves of the two code pages of old collations that the platform does not know (the last of each is a no-break space). */
const old: Readonly<Record<string, string>> = {
  CP437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  CP850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
};

const labels: Readonly<Record<string, string>> = { CP932: 'shift_jis', CP936: 'gbk', CP949: 'euc-kr', CP950: 'big5', 'utf-8': 'utf-8' };

type Decode = (bytes: Buffer) => string;

const made = new Map<string, Decode>();

/** Reads text of one byte a character (or a few) in a code page, as the collation of its column says; an unknown one is read as Western European. */
export function decoderOf(codepage: string | undefined): Decode {
  const page = codepage ?? 'CP1252';
  const known = made.get(page);
  if (known) return known;
  const upper = old[page];
  const decoder = upper ? null : new TextDecoder(labels[page] ?? page.replace(/^CP/, 'windows-'), { ignoreBOM: true });
  const decode: Decode = decoder
    ? (bytes) => decoder.decode(bytes)
    : (bytes) => Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : (upper?.[byte - 128] ?? ''))).join('');
  made.set(page, decode);
  return decode;
}
