package io.starfire.serving.access;

import org.jspecify.annotations.Nullable;

/** A way of HTTP's header {@code Authorization} to say who asks. */
enum Scheme {
  BASIC("Basic "),
  BEARER("Bearer ");

  private final String start;

  Scheme(String start) {
    this.start = start;
  }

  /** What a header of this scheme says; null if there is none, or it is of another one. */
  @Nullable String credentials(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, start, 0, start.length())
        ? authorization.substring(start.length()).strip()
        : null;
  }
}
