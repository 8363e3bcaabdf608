using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Ringback.Storage.Migrations.PostgreSql
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
                type: "text",
                nullable: false,
                defaultValue: "",
                collation: "C");

            migrationBuilder.AddColumn<bool>(
                name: "is_forced",
                table: "credentials",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "kept_until",
                table: "credentials",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "last_check_code",
                table: "credentials",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.CreateTable(
                name: "credential_history",
                columns: table => new
                {
                    tenant_id = table.Column<int>(type: "integer", nullable: false),
                    app = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    number = table.Column<int>(type: "integer", nullable: false),
                    happened_at = table.Column<long>(type: "bigint", nullable: false),
                    done_by = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    version = table.Column<int>(type: "integer", nullable: false),
                    project_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    result = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    detail = table.Column<string>(type: "text", nullable: true, collation: "C")
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
