"use client";

import { type KeyboardEvent, useRef } from "react";

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowUp: -1,
  ArrowRight: 1,
  ArrowDown: 1,
};

/** One of a few, all in sight: a radio group in one tab stop, walked by the arrow keys. */
export function Segments<Value extends string | number | boolean>({
  label,
  options,
  value,
  onValue,
  disabled,
  className = "",
}: {
  label: string;
  options: readonly { value: Value; label: string; name?: string }[];
  value: Value;
  onValue(value: Value): void;
  disabled: boolean;
  className?: string | undefined;
}) {
  const group = useRef<HTMLDivElement>(null);
  const at = options.findIndex((option) => option.value === value);
  const walk = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (option === undefined) return;
    onValue(option.value);
    group.current?.querySelectorAll<HTMLElement>("[role=radio]")[next]?.focus();
  };
  return (
    <div ref={group} className={`segments ${className}`} role="radiogroup" aria-label={label}>
      {options.map((option, index) => (
        <button
          key={String(option.value)}
          type="button"
          role="radio"
          className="button"
          aria-checked={index === at}
          aria-label={option.name}
          tabIndex={index === Math.max(at, 0) ? 0 : -1}
          disabled={disabled}
          onClick={() => onValue(option.value)}
          onKeyDown={walk}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
