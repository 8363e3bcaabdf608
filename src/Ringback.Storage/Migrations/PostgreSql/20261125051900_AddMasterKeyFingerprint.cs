using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Ringback.Storage.Cluster;
using Ringback.Storage.Dialects.PostgreSql;

#nullable disable

namespace Ringback.Storage.Migrations.PostgreSql;

/// <summary>Which master key the nodes of a cluster seal with. No entity maps it, so that the model does not change.</summary>
[DbContext(typeof(PostgreSqlContext))]
[Migration("20261125051900_AddMasterKeyFingerprint")]
public partial class AddMasterKeyFingerprint : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(MasterKeySql.Up);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(MasterKeySql.Down);
}
