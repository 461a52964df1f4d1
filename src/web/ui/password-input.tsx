import { type InputHTMLAttributes, useLayoutEffect, useRef } from 'react';

interface Props extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'defaultValue' | 'onChange' | 'type'> {
  value: string;
  onType: (value: string) => void;
}

/** A password as it is typed. React would write a controlled value into the page's markup; here it stays in the element alone. */
export function PasswordInput({ value, onType, ...rest }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (input.current && input.current.value !== value) input.current.value = value;
  }, [value]);
  return (
    <input
      {...rest}
      ref={input}
      type="password"
      autoComplete="new-password"
      className="input"
      onChange={(event) => onType(event.target.value)}
    />
  );
}
