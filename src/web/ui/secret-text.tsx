import { type TextareaHTMLAttributes, useLayoutEffect, useRef } from 'react';

interface Props extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'value' | 'defaultValue' | 'onChange'> {
  value: string;
  onType: (value: string) => void;
}

/** A secret of several lines, such as a private key. React would write a controlled value into the page's markup; here it stays in the element alone. */
export function SecretText({ value, onType, ...rest }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (area.current && area.current.value !== value) area.current.value = value;
  }, [value]);
  return (
    <textarea
      rows={5}
      {...rest}
      ref={area}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      className="input font-mono text-xs"
      onChange={(event) => onType(event.target.value)}
    />
  );
}
