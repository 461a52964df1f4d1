/** One line that stands for something (a user, a host, a database): nothing in it may hide, or move what stands beside it. */
export const plainLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]*$/u;
export const plainLineWanted = 'must not hold control, direction or invisible characters';

/** Text that people write, of several lines and with whatever their language needs, but for marks that turn the direction of what stands beside it. */
export const plainText = /^(?:[\t\n\r]|[^\p{Cc}\p{Bidi_Control}])*$/u;
export const plainTextWanted = 'must not hold control or direction characters';
