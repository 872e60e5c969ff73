package io.starfire.serving.sql.plan;

import org.apache.calcite.sql.validate.SqlAbstractConformance;

/** What is allowed in a statement, as in Druid. Stateless. */
final class SqlRules extends SqlAbstractConformance {
  @Override
  public boolean isBangEqualAllowed() {
    return true;
  }

  @Override
  public boolean isGroupByOrdinal() {
    return true;
  }

  @Override
  public boolean isSortByOrdinal() {
    return true;
  }

  @Override
  public boolean isSortByAlias() {
    return true;
  }

  @Override
  public boolean isHavingAlias() {
    return true;
  }

  /** The name of a column means the column, and not an output that was given the same name. */
  @Override
  public boolean isGroupByAlias() {
    return false;
  }

  @Override
  public boolean isPercentRemainderAllowed() {
    return true;
  }

  @Override
  public boolean isLimitStartCountAllowed() {
    return true;
  }

  @Override
  public boolean isOffsetLimitAllowed() {
    return true;
  }

  @Override
  public boolean allowNiladicParentheses() {
    return true;
  }

  @Override
  public boolean allowExtendedTrim() {
    return true;
  }

  @Override
  public boolean allowAliasUnnestItems() {
    return true;
  }

  @Override
  public boolean isFromRequired() {
    return false;
  }
}
