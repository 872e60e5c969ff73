package io.starfire.serving.system;

/** Names that several tables of {@code INFORMATION_SCHEMA} give. Stateless. */
final class Catalog {
  static final String NAME = "druid";
  static final String INFORMATION_SCHEMA = "INFORMATION_SCHEMA";
  static final String SYS = "sys";
  static final String STARFIRE = "starfire";

  private Catalog() {}

  static String yesOrNo(boolean value) {
    return value ? "YES" : "NO";
  }
}
