using Microsoft.EntityFrameworkCore.Migrations;
using Ringback.Storage.Cluster;

#nullable disable

namespace Ringback.Storage.Migrations.PostgreSql;

/// <summary>Where the nodes of a cluster find each other. No entity maps it: Orleans reads and writes it by the statements stored there.</summary>
public partial class AddClusterMembership : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(MembershipSql.Up);

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(MembershipSql.Down);
}
