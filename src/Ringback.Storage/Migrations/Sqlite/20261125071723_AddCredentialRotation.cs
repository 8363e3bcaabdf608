using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddCredentialRotation : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "fingerprint",
                table: "credentials",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<bool>(
                name: "is_forced",
                table: "credentials",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "kept_until",
                table: "credentials",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "last_check_code",
                table: "credentials",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "credential_history",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "INTEGER", nullable: false),
                    app = table.Column<string>(type: "TEXT", nullable: false),
                    number = table.Column<int>(type: "INTEGER", nullable: false),
                    happened_at = table.Column<long>(type: "INTEGER", nullable: false),
                    done_by = table.Column<string>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    project_name = table.Column<string>(type: "TEXT", nullable: false),
                    fingerprint = table.Column<string>(type: "TEXT", nullable: false),
                    result = table.Column<string>(type: "TEXT", nullable: true),
                    code = table.Column<string>(type: "TEXT", nullable: true),
                    detail = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_credential_history", x => new { x.tenant_id, x.app, x.number });
                    table.ForeignKey(
                        name: "fk_credential_history_tenants",
                        column: x => x.tenant_id,
                        principalTable: "tenants",
                        principalColumn: "tenant_id",
                        onDelete: ReferentialAction.Restrict);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "credential_history");

            migrationBuilder.DropColumn(
                name: "fingerprint",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "is_forced",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "kept_until",
                table: "credentials");

            migrationBuilder.DropColumn(
                name: "last_check_code",
                table: "credentials");
        }
    }
}
