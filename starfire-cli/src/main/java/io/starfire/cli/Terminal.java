package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.Console;
import java.util.Optional;

/** Asks who sits before the terminal. Stateless. */
final class Terminal {
  private Terminal() {}

  /**
   * Asks for a secret, which is not shown while it is typed.
   *
   * @param instead what to do if there is no terminal
   * @throws StarfireException with INVALID_INPUT if there is no terminal, or nothing is typed
   */
  static char[] secret(String prompt, String instead) {
    return Optional.ofNullable(System.console())
        .map((Console console) -> console.readPassword(prompt))
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.INVALID_INPUT, "there is no terminal to type at; " + instead));
  }
}
