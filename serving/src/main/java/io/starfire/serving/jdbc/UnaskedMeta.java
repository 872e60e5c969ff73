package io.starfire.serving.jdbc;

import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * What the protocol has no request for, so that nobody asks it of a server; and batches, which
 * would write. A driver answers the questions about keys and functions itself, with no rows.
 */
abstract class UnaskedMeta implements Meta {
  private static JdbcException unasked(String what) {
    return new JdbcException(what + " are not supported");
  }

  @Override
  public ExecuteBatchResult prepareAndExecuteBatch(StatementHandle handle, List<String> commands) {
    throw unasked("Batch statements");
  }

  @Override
  public ExecuteBatchResult executeBatch(
      StatementHandle handle, List<List<TypedValue>> parameterValues) {
    throw unasked("Batch statements");
  }

  @Deprecated
  @Override
  public ExecuteResult prepareAndExecute(
      StatementHandle handle, String sql, long maxRowCount, PrepareCallback callback) {
    throw unasked("Statements of old drivers");
  }

  @Deprecated
  @Override
  public ExecuteResult execute(
      StatementHandle handle, List<TypedValue> parameterValues, long maxRowCount) {
    throw unasked("Statements of old drivers");
  }

  @Override
  public Iterable<Object> createIterable(
      StatementHandle handle,
      QueryState state,
      Signature signature,
      List<TypedValue> parameters,
      Frame firstFrame) {
    throw unasked("rows outside of frames");
  }

  @Override
  public MetaResultSet getProcedures(
      ConnectionHandle handle, String catalog, Pat schemaPattern, Pat procedureNamePattern) {
    throw unasked("Procedures");
  }

  @Override
  public MetaResultSet getProcedureColumns(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat procedureNamePattern,
      Pat columnNamePattern) {
    throw unasked("Procedures");
  }

  @Override
  public MetaResultSet getColumnPrivileges(
      ConnectionHandle handle, String catalog, String schema, String table, Pat columnNamePattern) {
    throw unasked("Privileges");
  }

  @Override
  public MetaResultSet getTablePrivileges(
      ConnectionHandle handle, String catalog, Pat schemaPattern, Pat tableNamePattern) {
    throw unasked("Privileges");
  }

  @Override
  public MetaResultSet getBestRowIdentifier(
      ConnectionHandle handle,
      String catalog,
      String schema,
      String table,
      int scope,
      boolean nullable) {
    throw unasked("Row identifiers");
  }

  @Override
  public MetaResultSet getVersionColumns(
      ConnectionHandle handle, String catalog, String schema, String table) {
    throw unasked("Version columns");
  }

  @Override
  public MetaResultSet getPrimaryKeys(
      ConnectionHandle handle, String catalog, String schema, String table) {
    throw unasked("Keys");
  }

  @Override
  public MetaResultSet getImportedKeys(
      ConnectionHandle handle, String catalog, String schema, String table) {
    throw unasked("Keys");
  }

  @Override
  public MetaResultSet getExportedKeys(
      ConnectionHandle handle, String catalog, String schema, String table) {
    throw unasked("Keys");
  }

  @Override
  public MetaResultSet getCrossReference(
      ConnectionHandle handle,
      String parentCatalog,
      String parentSchema,
      String parentTable,
      String foreignCatalog,
      String foreignSchema,
      String foreignTable) {
    throw unasked("Keys");
  }

  @Override
  public MetaResultSet getIndexInfo(
      ConnectionHandle handle,
      String catalog,
      String schema,
      String table,
      boolean unique,
      boolean approximate) {
    throw unasked("Indexes");
  }

  @Override
  public MetaResultSet getUDTs(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat typeNamePattern,
      int[] types) {
    throw unasked("Types of users");
  }

  @Override
  public MetaResultSet getSuperTypes(
      ConnectionHandle handle, String catalog, Pat schemaPattern, Pat typeNamePattern) {
    throw unasked("Super types");
  }

  @Override
  public MetaResultSet getSuperTables(
      ConnectionHandle handle, String catalog, Pat schemaPattern, Pat tableNamePattern) {
    throw unasked("Super tables");
  }

  @Override
  public MetaResultSet getAttributes(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat typeNamePattern,
      Pat attributeNamePattern) {
    throw unasked("Attributes");
  }

  @Override
  public MetaResultSet getClientInfoProperties(ConnectionHandle handle) {
    throw unasked("Client properties");
  }

  @Override
  public MetaResultSet getFunctions(
      ConnectionHandle handle, String catalog, Pat schemaPattern, Pat functionNamePattern) {
    throw unasked("Functions");
  }

  @Override
  public MetaResultSet getFunctionColumns(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat functionNamePattern,
      Pat columnNamePattern) {
    throw unasked("Functions");
  }

  @Override
  public MetaResultSet getPseudoColumns(
      ConnectionHandle handle,
      String catalog,
      Pat schemaPattern,
      Pat tableNamePattern,
      Pat columnNamePattern) {
    throw unasked("Pseudo columns");
  }
}
