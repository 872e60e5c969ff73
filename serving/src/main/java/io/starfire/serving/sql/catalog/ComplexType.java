package io.starfire.serving.sql.catalog;

import org.apache.calcite.sql.type.AbstractSqlType;
import org.apache.calcite.sql.type.SqlTypeName;

/** The type of sketches and of JSON, such as {@code COMPLEX<HLLSketch>}. */
public final class ComplexType extends AbstractSqlType {
  private final String nativeType;

  public ComplexType(String nativeType, boolean nullable) {
    super(SqlTypeName.OTHER, nullable, null);
    this.nativeType = nativeType;
    computeDigest();
  }

  /** Such as {@code COMPLEX<HLLSketch>}. */
  public String nativeType() {
    return nativeType;
  }

  @Override
  protected void generateTypeString(StringBuilder text, boolean withDetail) {
    // Null while the constructor of the super class runs.
    text.append(nativeType == null ? "OTHER" : nativeType);
  }
}
