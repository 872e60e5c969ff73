package io.starfire.plan;

import io.starfire.api.DataSource;
import java.time.Instant;

/** Event types for tests of plans. */
final class Events {
  private Events() {}

  /** An event with two keys. */
  public record Hit(String id, Instant at, String user) {
    java.util.List<String> list() {
      return java.util.List.of(id);
    }
  }

  /** A row of a lookup. */
  public record User(String user, String name) {}

  static DataSource<Hit> hits(String name) {
    return DataSource.named(name, Hit.class).dimensions("id", "user").count("hits");
  }
}
