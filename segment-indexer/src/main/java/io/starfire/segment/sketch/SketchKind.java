package io.starfire.segment.sketch;

/** What the sketches of a column or an aggregate are. */
public enum SketchKind {
  HLL("HLLSketch"),
  THETA("thetaSketch"),
  QUANTILES("quantilesDoublesSketch"),
  /** An HLL sketch whose values are hashed with their types, so that an empty text counts too. */
  UNIQUE("hyperUnique");

  private final String typeName;

  SketchKind(String typeName) {
    this.typeName = typeName;
  }

  /** Druid's name of the complex type. */
  public String typeName() {
    return typeName;
  }
}
